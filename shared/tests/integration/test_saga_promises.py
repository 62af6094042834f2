"""Sagas on PostgreSQL: concurrent inputs, inputs out of order, and crashes in the middle of a transaction."""

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
    """Simulates that the process is killed in the middle of a transaction."""


class Driver:
    """Starts sagas on a database and gives them inputs."""

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

    def answer(self, saga_id, message):
        """Answer the current command of a saga."""
        self.receive(envelope(message, in_reply_to=self.now(saga_id).awaiting))

    def fire_timer(self, saga_id):
        self.receive(envelope(WakeSaga(saga_id=saga_id, attempt=self.now(saga_id).attempt)))

    def reserved(self, *guests):
        """A saga that has reserved its stock and waits for its payment to be opened."""
        saga_id = self.start(state := a_supper(*guests))
        self.answer(saga_id, catalog.StockReserved(checkout_id=state.checkout_id))
        return saga_id, state

    def finish(self, saga_id, state):
        self.answer(saga_id, paid(state))
        self.answer(saga_id, paid(state))
        self.answer(saga_id, catalog.StockCommitted(checkout_id=state.checkout_id))

    def rows(self, saga_id):
        with self.open_work() as work:
            return store.history(work.connection, saga_id)

    def positions(self):
        with self.open_work.engine.connect() as connection:
            return connection.execute(select(outbox.c.position)).scalars().all()


@pytest.fixture
def driver(open_work):
    with open_work() as work:
        saga_tables.create(Operations(MigrationContext.configure(work.connection)))
    return Driver(open_work)


def concurrently(*calls):
    """Run calls at the same time, each in its own thread and transaction."""
    ready = threading.Barrier(len(calls))
    with ThreadPoolExecutor(len(calls)) as pool:
        for done in [pool.submit(lambda call=call: (ready.wait(), call())) for call in calls]:
            done.result()


@contextmanager
def killed_at(open_work, statement):
    """Raise PowerCut at the statement with this number."""
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


def test_sg_02_an_answer_and_an_event_at_the_same_time_are_both_recorded(driver):
    for _ in range(20):
        saga_id, state = driver.reserved()
        answer = envelope(paid(state), in_reply_to=driver.now(saga_id).awaiting)
        captured = envelope(paid(state))
        concurrently(lambda a=answer: driver.receive(a), lambda c=captured: driver.receive(c))
        after = driver.now(saga_id)
        assert (after.step, after.met) == ("commit", ("take_payment",))
        assert history.replay(supper, driver.rows(saga_id)) == after


def test_sg_02_answers_to_many_sagas_in_opposite_orders_neither_deadlock_nor_get_lost(driver):
    ids = [driver.reserved()[0] for _ in range(10)]
    timers = [envelope(WakeSaga(saga_id=one, attempt=driver.now(one).attempt)) for one in ids]
    acts = [
        lambda: driver.receive(*timers),
        lambda: driver.receive(*reversed(timers)),
        lambda: driver.receive(*timers[5:]),
    ]
    meet(driver.open_work.engine, "SELECT FROM saga WHERE saga_id = :last FOR UPDATE", *acts * 3, last=max(ids))
    assert {driver.now(one).step for one in ids} == {"open_payment"}
    assert {driver.now(one).status for one in ids} == {Status.UNDOING}
    assert len([one for one in published(driver.open_work) if isinstance(one, payments.CancelPayment)]) == 10


def test_sg_05_a_failed_undo_leaves_a_row_a_metric_and_a_stuck_saga(driver):
    saga_id, _ = driver.reserved()
    alarms = measures.alarms.labels("test.supper", "open_payment")._value.get()
    for _ in range(UNDO_LIMIT + 1):
        driver.fire_timer(saga_id)
    assert driver.now(saga_id).status is Status.STUCK
    assert measures.alarms.labels("test.supper", "open_payment")._value.get() > alarms
    assert (driver.rows(saga_id)[-1]["to_status"], driver.rows(saga_id)[-1]["to_step"]) == (
        "stuck",
        "open_payment",
    )
    driver.fire_timer(saga_id)
    assert driver.now(saga_id).status is Status.STUCK, "only an operator or an answer moves it, and no timer"


def test_sg_10_a_saga_sends_no_command_before_its_start_is_committed(driver):
    with driver.open_work() as work:
        driver.engine.start(work, supper, (state := a_supper()).checkout_id, state)
        work.flush()
        assert Rows(driver.open_work.engine).claim(10) == [], "the relay reads only committed rows"
    assert [row.topic for row in Rows(driver.open_work.engine).claim(10)] == [catalog.ReserveStock.topic]


def test_sg_10_an_event_about_a_saga_that_has_not_started_changes_nothing(driver):
    state = a_supper()
    driver.receive(envelope(paid(state)), envelope(catalog.StockReserved(checkout_id=state.checkout_id)))
    assert published(driver.open_work) == []
    now = driver.now(driver.start(state))
    assert (now.step, now.met) == ("reserve", ())


def test_sg_10_a_saga_cannot_be_cancelled_before_it_is_created(driver):
    with pytest.raises(SagaNotFound), driver.open_work() as work:
        driver.engine.cancel(work, supper, a_supper().checkout_id, "changed_mind")


def test_sg_13_the_next_saga_is_woken_in_the_transaction_that_ends_the_first(driver):
    first, state = driver.reserved("ann")
    second = driver.start(a_supper("ann"))
    driver.answer(first, paid(state))
    driver.answer(first, paid(state))
    last = envelope(catalog.StockCommitted(checkout_id=state.checkout_id), in_reply_to=driver.now(first).awaiting)
    for statement in range(20):
        before = driver.now(first), driver.now(second), driver.positions()
        with suppress(PowerCut), killed_at(driver.open_work, statement):
            driver.receive(last)
        if driver.now(first).status is Status.DONE:
            break
        assert (driver.now(first), driver.now(second), driver.positions()) == before
    assert statement > 5
    assert published(driver.open_work)[-1] == WakeSaga(saga_id=second, attempt=0)
    driver.fire_timer(second)
    driver.receive(envelope(WakeSaga(saga_id=second, attempt=0)))  # the timer fires twice
    assert driver.now(second).step == "reserve"


def test_sg_14_state_history_and_commands_are_stored_atomically(driver):
    saga_id = driver.start(state := a_supper())
    answer = catalog.StockReserved(checkout_id=state.checkout_id)
    sealed = envelope(answer, in_reply_to=driver.now(saga_id).awaiting)
    for statement in range(20):
        before = driver.now(saga_id), len(driver.rows(saga_id)), driver.positions()
        with suppress(PowerCut), killed_at(driver.open_work, statement):
            driver.receive(sealed)
        after = driver.now(saga_id), len(driver.rows(saga_id)), driver.positions()
        if after != before:
            break
    assert statement >= 4, "statements for lock, state, history and outbox"
    assert [bool(one != other) for one, other in zip(before, after, strict=True)] == [True, True, True]


def test_sg_16_a_transition_records_time_states_cause_and_actor(driver):
    saga_id, _ = driver.reserved()
    with driver.open_work() as work:
        driver.engine.cancel(work, supper, driver.now(saga_id).key, "changed_mind")
    rows = driver.rows(saga_id)
    for before, after in pairwise(rows):
        assert (after["from_status"], after["from_step"]) == (before["to_status"], before["to_step"])
        assert after["at"] >= before["at"]
    received = next(row for row in rows if row["input"]["kind"] == "received")
    assert received["cause_id"], "the message"
    assert (rows[-1]["actor"], rows[-1]["note"]) == ("user", "changed_mind")
    assert [row["command_id"] for row in rows if row["command_id"]][-1] == driver.now(saga_id).awaiting


@pytest.mark.parametrize("change", ["UPDATE saga_transition SET to_step = 'x'", "DELETE FROM saga_transition"])
def test_sg_16_rows_of_the_history_cannot_be_changed(driver, change):
    driver.reserved()
    with pytest.raises(Exception, match="append-only"), driver.open_work() as work:
        work.connection.execute(text(change))
