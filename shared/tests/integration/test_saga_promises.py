"""What sagas promise about moments: two at once, out of order, in the middle of a transaction. On PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import pairwise

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event, select, text

from shared.contracts import catalog, payments
from shared.contracts.orders import WakeSaga
from shared.migrations import sagas as saga_tables
from shared.outbox import outbox
from shared.relay.rows import Rows
from shared.sagas import Engine, history, measures, store
from shared.sagas.instance import Status
from shared.sagas.overview import SagaNotFound
from shared.sagas.transitions import UNDO_LIMIT
from shared.testing import envelope, published
from shared.testing.meeting import meet
from shared.tests.saga_examples import a_supper, paid, supper


class PowerCut(BaseException):
    """The process ends in the middle of a transaction, and nobody can handle it."""


class Table:
    """One saga after another on a database, told what a test wants."""

    def __init__(self, open_work):
        self.open_work, self.engine = open_work, Engine(supper)

    def start(self, state):
        with self.open_work() as work:
            return self.engine.start(work, supper, state.checkout_id, state)

    def now(self, saga_id):
        with self.open_work() as work:
            (found,) = store.lock(work.connection, [saga_id])
            return found.instance(supper)

    def receive(self, *sealed):
        with self.open_work() as work:
            self.engine.receive(work, [(one.body, one) for one in sealed])

    def tell(self, saga_id, message):
        """Answer its present command."""
        self.receive(envelope(message, in_reply_to=self.now(saga_id).awaiting))

    def ring(self, saga_id):
        self.receive(envelope(WakeSaga(saga_id=saga_id, attempt=self.now(saga_id).attempt)))

    def reserved(self, *guests):
        """A saga that has its stock, and asks for its payment."""
        saga_id = self.start(state := a_supper(*guests))
        self.tell(saga_id, catalog.StockReserved(checkout_id=state.checkout_id))
        return saga_id, state

    def finish(self, saga_id, state):
        self.tell(saga_id, paid(state))
        self.tell(saga_id, paid(state))
        self.tell(saga_id, catalog.StockCommitted(checkout_id=state.checkout_id))

    def rows(self, saga_id):
        with self.open_work() as work:
            return store.history(work.connection, saga_id)

    def positions(self):
        with self.open_work.engine.connect() as connection:
            return connection.execute(select(outbox.c.position)).scalars().all()


@pytest.fixture
def table(open_work):
    with open_work() as work:
        saga_tables.create(Operations(MigrationContext.configure(work.connection)))
    return Table(open_work)


def at_once(*acts):
    """All of them at the same instant, each in a thread and a transaction of its own."""
    ready = threading.Barrier(len(acts))
    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(lambda action=action: (ready.wait(), action())) for action in acts]:
            done.result()


@contextmanager
def dying_at(open_work, statement):
    left = [statement]

    def count(*_):
        left[0] -= 1
        if left[0] < 0:
            raise PowerCut

    event.listen(open_work.engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(open_work.engine, "before_cursor_execute", count)


def test_sg_02_an_answer_and_an_event_at_the_same_time_are_both_recorded(table):
    for _ in range(20):
        saga_id, state = table.reserved()
        answer = envelope(paid(state), in_reply_to=table.now(saga_id).awaiting)
        fact = envelope(paid(state))
        at_once(lambda a=answer: table.receive(a), lambda f=fact: table.receive(f))
        after = table.now(saga_id)
        assert (after.step, after.met) == ("commit", ("take_payment",))
        assert history.replay(supper, table.rows(saga_id)) == after


def test_sg_02_answers_to_many_sagas_in_opposite_orders_neither_deadlock_nor_get_lost(table):
    ids = [table.reserved()[0] for _ in range(10)]
    rings = [envelope(WakeSaga(saga_id=one, attempt=table.now(one).attempt)) for one in ids]
    acts = [
        lambda: table.receive(*rings),
        lambda: table.receive(*reversed(rings)),
        lambda: table.receive(*rings[5:]),
    ]
    meet(table.open_work.engine, "SELECT FROM saga WHERE saga_id = :last FOR UPDATE", *acts * 3, last=max(ids))
    assert {table.now(one).step for one in ids} == {"open_payment"}
    assert {table.now(one).status for one in ids} == {Status.UNDOING}
    assert len([one for one in published(table.open_work) if isinstance(one, payments.CancelPayment)]) == 10


def test_sg_05_a_failed_undo_leaves_a_row_a_metric_and_a_stuck_saga(table):
    saga_id, _ = table.reserved()
    alarms = measures.alarms.labels("test.supper", "open_payment")._value.get()
    for _ in range(UNDO_LIMIT + 1):
        table.ring(saga_id)
    assert table.now(saga_id).status is Status.STUCK
    assert measures.alarms.labels("test.supper", "open_payment")._value.get() > alarms
    assert (table.rows(saga_id)[-1]["to_status"], table.rows(saga_id)[-1]["to_step"]) == ("stuck", "open_payment")
    table.ring(saga_id)
    assert table.now(saga_id).status is Status.STUCK, "a person or an answer helps, and no clock"


def test_sg_10_a_saga_sends_no_command_before_its_start_is_committed(table):
    with table.open_work() as work:
        table.engine.start(work, supper, (state := a_supper()).checkout_id, state)
        work.flush()
        assert Rows(table.open_work.engine).claim(10) == [], "the relay reads what is committed only"
    assert [row.topic for row in Rows(table.open_work.engine).claim(10)] == [catalog.ReserveStock.topic]


def test_sg_10_an_event_about_a_saga_that_has_not_started_changes_nothing(table):
    state = a_supper()
    table.receive(envelope(paid(state)), envelope(catalog.StockReserved(checkout_id=state.checkout_id)))
    assert published(table.open_work) == []
    now = table.now(table.start(state))
    assert (now.step, now.met) == ("reserve", ())


def test_sg_10_a_saga_cannot_be_cancelled_before_it_is_created(table):
    with pytest.raises(SagaNotFound), table.open_work() as work:
        table.engine.cancel(work, supper, a_supper().checkout_id, "changed_mind")


def test_sg_13_the_next_saga_is_woken_in_the_transaction_that_ends_the_first(table):
    first, state = table.reserved("ann")
    second = table.start(a_supper("ann"))
    table.tell(first, paid(state))
    table.tell(first, paid(state))
    last = envelope(catalog.StockCommitted(checkout_id=state.checkout_id), in_reply_to=table.now(first).awaiting)
    for statement in range(20):
        before = table.now(first), table.now(second), table.positions()
        with suppress(PowerCut), dying_at(table.open_work, statement):
            table.receive(last)
        if table.now(first).status is Status.DONE:
            break
        assert (table.now(first), table.now(second), table.positions()) == before
    assert statement > 5
    assert published(table.open_work)[-1] == WakeSaga(saga_id=second, attempt=0)
    table.ring(second)
    table.receive(envelope(WakeSaga(saga_id=second, attempt=0)))  # the bell rings twice
    assert table.now(second).step == "reserve"


def test_sg_14_state_history_and_commands_are_stored_atomically(table):
    saga_id = table.start(state := a_supper())
    answer = catalog.StockReserved(checkout_id=state.checkout_id)
    sealed = envelope(answer, in_reply_to=table.now(saga_id).awaiting)
    for statement in range(20):
        before = table.now(saga_id), len(table.rows(saga_id)), table.positions()
        with suppress(PowerCut), dying_at(table.open_work, statement):
            table.receive(sealed)
        after = table.now(saga_id), len(table.rows(saga_id)), table.positions()
        if after != before:
            break
    assert statement >= 4, "lock, state, history, outbox"
    assert [bool(one != other) for one, other in zip(before, after, strict=True)] == [True, True, True]


def test_sg_16_a_transition_records_time_states_cause_and_actor(table):
    saga_id, _ = table.reserved()
    with table.open_work() as work:
        table.engine.cancel(work, supper, table.now(saga_id).key, "changed_mind")
    rows = table.rows(saga_id)
    for before, after in pairwise(rows):
        assert (after["from_status"], after["from_step"]) == (before["to_status"], before["to_step"])
        assert after["at"] >= before["at"]
    received = next(row for row in rows if row["input"]["kind"] == "received")
    assert received["cause_id"], "the message"
    assert (rows[-1]["actor"], rows[-1]["note"]) == ("user", "changed_mind")
    assert [row["published"] for row in rows if row["published"]][-1] == table.now(saga_id).awaiting


@pytest.mark.parametrize("change", ["UPDATE saga_transition SET to_step = 'x'", "DELETE FROM saga_transition"])
def test_sg_16_rows_of_the_history_cannot_be_changed(table, change):
    table.reserved()
    with pytest.raises(Exception, match="not changed afterwards"), table.open_work() as work:
        work.connection.execute(text(change))
