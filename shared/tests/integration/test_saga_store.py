"""Sagas on a real PostgreSQL: transitions are stored completely or not at all."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from shared.contracts import catalog, payments
from shared.contracts.orders import WakeSaga
from shared.ids import new_id
from shared.migrations import sagas as saga_tables
from shared.outbox import outbox
from shared.sagas import Call, Engine, Local, Saga, history, store
from shared.sagas.instance import Status
from shared.testing import envelope, published
from shared.testing.meeting import is_blocked, meet
from shared.testing.waiting import eventually
from shared.tests import saga_examples
from shared.tests.saga_examples import Supper, a_supper, handed_over, paid, supper


class PowerCut(Exception):
    """Simulates that the process ends in the middle of a transaction."""


@pytest.fixture
def engine():
    return Engine(supper)


@pytest.fixture
def open_work(open_work):
    with open_work() as work:
        saga_tables.create(Operations(MigrationContext.configure(work.connection)))
    return open_work


@pytest.fixture
def start(engine, open_work):
    def _start(state):
        with open_work() as work:
            return engine.start(work, supper, state.checkout_id, state)

    return _start


@pytest.fixture
def now(open_work):
    """The stored state of a saga."""

    def _now(saga_id):
        with open_work() as work:
            (found,) = store.lock(work.connection, [saga_id])
            return found.instance(supper)

    return _now


@pytest.fixture
def receive(engine, open_work, now):
    """Deliver an answer to the current command of a saga, or another event."""

    def _receive(saga_id, message, **known):
        known.setdefault("in_reply_to", now(saga_id).awaiting)
        with open_work() as work:
            engine.receive(work, [(message, envelope(message, **known))])
        return now(saga_id)

    return _receive


@pytest.fixture
def walk(receive):
    """Deliver everything that a saga needs to complete."""

    def _walk(saga_id, state):
        receive(saga_id, catalog.StockReserved(checkout_id=state.checkout_id))
        receive(saga_id, paid(state))
        receive(saga_id, paid(state))
        return receive(saga_id, catalog.StockCommitted(checkout_id=state.checkout_id))

    return _walk


def concurrently(count, call):
    threads = [threading.Thread(target=call, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_saga_runs_to_its_end_and_its_history_replays_to_the_stored_state(start, walk, now, open_work, engine):
    state = a_supper()
    saga_id = start(state)
    assert walk(saga_id, state).status is Status.DONE
    with open_work() as work:
        rows = store.history(work.connection, saga_id)
    for length in range(3, len(rows) + 1):
        history.replay(supper, rows[:length])
    assert history.replay(supper, rows) == now(saga_id)
    assert [
        type(one) for one in published(open_work) if one.kind == "command" and not isinstance(one, WakeSaga)
    ] == [
        catalog.ReserveStock,
        payments.OpenPayment,
        catalog.CommitStock,
    ]


def test_the_history_of_an_undone_saga_replays_to_the_stored_state(start, receive, now, open_work):
    saga_id = start(state := a_supper())
    receive(saga_id, WakeSaga(saga_id=saga_id, attempt=now(saga_id).attempt))
    assert receive(saga_id, catalog.StockReleased(checkout_id=state.checkout_id)).status is Status.UNDONE
    with open_work() as work:
        stored = history.replay(supper, store.history(work.connection, saga_id))
    assert stored == now(saga_id)
    assert stored.state.reason == "reserve_unanswered"


def test_sg_01_starting_twice_returns_the_first_saga_and_sends_one_command(start, open_work):
    state = a_supper()
    assert start(state) == start(replace(state, phone="other"))
    assert len(published(open_work)) == 1


def test_sg_01_concurrent_starts_create_one_saga(start, open_work):
    state, ids = a_supper(), []
    concurrently(6, lambda _: ids.append(start(state)))
    assert len(ids) == 6
    assert len(set(ids)) == 1
    assert len(published(open_work)) == 1


def test_sg_02_of_an_answer_and_a_timer_at_the_same_time_one_wins(start, now, engine, open_work):
    state = a_supper()
    saga_id = start(state)
    before = now(saga_id)
    messages = [
        catalog.StockReserved(checkout_id=state.checkout_id),
        WakeSaga(saga_id=saga_id, attempt=before.attempt),
    ]

    def deliver(number):
        with open_work() as work:
            engine.receive(work, [(messages[number], envelope(messages[number], in_reply_to=before.awaiting))])

    hold = "LOCK TABLE saga_transition IN SHARE MODE"  # blocks after both have read the saga
    meet(open_work.engine, hold, lambda: deliver(0), lambda: deliver(1))
    commands = [type(one) for one in published(open_work)]
    assert commands in ([catalog.ReserveStock, payments.OpenPayment], [catalog.ReserveStock, catalog.ReleaseStock])


def test_sg_03_a_rolled_back_transition_leaves_nothing(start, now, engine, open_work):
    saga_id = start(state := a_supper())
    before = now(saga_id)
    reserved = catalog.StockReserved(checkout_id=state.checkout_id)
    with suppress(PowerCut), open_work() as work:
        engine.receive(work, [(reserved, envelope(reserved, in_reply_to=before.awaiting))])
        raise PowerCut
    assert now(saga_id) == before
    assert len(published(open_work)) == 1


def test_sg_09_an_old_timer_is_ignored(start, receive, now):
    saga_id = start(state := a_supper())
    old = now(saga_id).attempt
    after = receive(saga_id, catalog.StockReserved(checkout_id=state.checkout_id))
    assert receive(saga_id, WakeSaga(saga_id=saga_id, attempt=old)) == after


def test_sg_11_a_repeated_or_stale_answer_is_ignored(start, receive, now):
    saga_id = start(state := a_supper())
    reserved, first = catalog.StockReserved(checkout_id=state.checkout_id), now(saga_id).awaiting
    after = receive(saga_id, reserved, in_reply_to=first)
    assert receive(saga_id, reserved, in_reply_to=first) == after
    assert receive(saga_id, reserved, in_reply_to=new_id()) == after


def test_sg_11_an_event_caused_by_a_command_is_not_its_answer(start, receive, now):
    saga_id = start(state := a_supper())
    before, reserved = now(saga_id), catalog.StockReserved(checkout_id=state.checkout_id)
    assert receive(saga_id, reserved, in_reply_to=None, causation_id=before.awaiting) == before
    assert receive(saga_id, reserved, in_reply_to=before.awaiting) != before


def test_sg_12_of_a_cancellation_and_a_capture_at_the_same_time_the_capture_wins(
    start, receive, engine, open_work, now
):
    state = a_supper()
    saga_id = start(state)
    receive(saga_id, catalog.StockReserved(checkout_id=state.checkout_id))
    opened = payments.PaymentOpened(
        payment_id=state.payment_id,
        checkout_id=state.checkout_id,
        method=payments.Method.WECHAT,
        amount=paid(state).amount,
        pay_action=payments.NoAction(),
        expires_at=paid(state).captured_at,
    )
    receive(saga_id, opened)
    outcomes = {}

    def race(number):
        with open_work() as work:
            if number:
                outcomes["cancelled"] = engine.cancel(work, supper, state.checkout_id, "changed_mind")
            else:
                engine.receive(work, [(paid(state), envelope(paid(state)))])

    concurrently(2, race)
    confirmed = now(saga_id).step == "commit"
    assert confirmed, "a capture wins, before or after the cancellation"
    assert outcomes["cancelled"] == ((state.checkout_id, "changed_mind") in handed_over)


def test_sg_13_sagas_that_lock_the_same_resource_run_one_after_another_in_order_of_arrival(
    start, walk, now, receive, open_work
):
    states = [a_supper("ann", "bob"), a_supper("bob"), a_supper("bob", "cat"), a_supper("dan")]
    first, second, third, other = (start(state) for state in states)
    assert [now(one).status for one in (first, second, third, other)] == [
        "running",
        "waiting",
        "waiting",
        "running",
    ]
    walk(first, states[0])
    assert published(open_work)[-1] == WakeSaga(saga_id=second, attempt=0)
    assert receive(second, WakeSaga(saga_id=second, attempt=0)).status is Status.RUNNING
    walk(second, states[1])
    assert published(open_work)[-1] == WakeSaga(saga_id=third, attempt=0)


def test_sg_13_one_of_the_concurrent_sagas_that_lock_the_same_resources_runs(start, now):
    ids = []
    concurrently(5, lambda _: ids.append(start(a_supper("ann", "bob"))))
    assert sorted(now(one).status for one in ids) == ["running"] + ["waiting"] * 4


def test_sg_13_a_saga_waits_for_one_with_the_same_resources_that_is_not_committed_yet(
    start, engine, open_work, now
):
    first = a_supper("ann")
    with ThreadPoolExecutor(1) as other:
        with open_work() as work:
            first_id = engine.start(work, supper, first.checkout_id, first)
            work.connection.execute(text("SELECT 1"))  # sends what waits
            second = other.submit(start, a_supper("ann", "bob"))
            eventually(lambda: second.done() or is_blocked(open_work))
        statuses = [now(each).status for each in (first_id, second.result())]
    assert statuses == [Status.RUNNING, Status.WAITING]


def test_sg_16_transitions_cannot_be_changed_afterwards(start, open_work):
    start(a_supper())
    for change in ("UPDATE saga_transition SET actor = 'nobody'", "DELETE FROM saga_transition"):
        with pytest.raises(DBAPIError, match="append-only"), open_work() as work:
            work.connection.execute(text(change))


def test_a_batch_of_answers_takes_four_statements(start, now, engine, open_work):
    states = [a_supper() for _ in range(20)]
    ids = [start(state) for state in states]
    answers = [
        (message, envelope(message, in_reply_to=now(saga_id).awaiting))
        for saga_id, state in zip(ids, states, strict=True)
        for message in [catalog.StockReserved(checkout_id=state.checkout_id)]
    ]
    statements = []
    event.listen(open_work.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    with open_work() as work:
        engine.receive(work, answers)
    assert len(statements) == 4, statements
    assert {now(one).step for one in ids} == {"open_payment"}


def test_a_command_is_stored_with_the_time_for_its_answer(start, open_work):
    start(a_supper())
    with open_work() as work:
        assert work.connection.execute(select(outbox.c.within)).scalars().all() == [30_000]


def test_a_command_has_the_correlation_of_the_answer_that_caused_it(start, open_work, engine, now):
    saga_id = start(state := a_supper())
    reserved = catalog.StockReserved(checkout_id=state.checkout_id)
    sealed = envelope(reserved, in_reply_to=now(saga_id).awaiting)
    with open_work() as work:
        engine.receive(work, [(reserved, sealed)])
        work.flush()
        headers = work.connection.execute(select(outbox.c.headers).order_by(outbox.c.position)).scalars().all()[-1]
    assert headers["correlation_id"] == str(sealed.correlation_id)
    assert headers["causation_id"] == str(sealed.message_id)


def test_an_event_reaches_only_the_saga_with_its_key(start, receive, engine, open_work, now):
    states = [a_supper(), a_supper()]
    ids = [start(state) for state in states]
    for saga_id, state in zip(ids, states, strict=True):
        receive(saga_id, catalog.StockReserved(checkout_id=state.checkout_id))
    with open_work() as work:
        events = [paid(states[0]), paid(a_supper())]
        engine.receive(work, [(one, envelope(one)) for one in events])
    assert [now(one).met for one in ids] == [("take_payment",), ()]


NOTED = Saga(
    "test.noted",
    Supper,
    [
        Call("reserve", do=saga_examples.reserve, undo=saga_examples.release),
        Local("note", do=saga_examples.nothing, undo=saga_examples.nothing),
        *saga_examples.STEPS[3:],
    ],
    timer=WakeSaga,
)


def test_what_follows_from_a_message_has_it_as_its_cause_also_if_steps_of_another_saga_run_before(open_work):
    """The payment arrives with the answers of two sagas, which have reached a step each by then."""
    engine, first, other = Engine(NOTED), a_supper(), a_supper()
    with open_work() as work:
        for state in (first, other):
            engine.start(work, NOTED, state.checkout_id, state)
    with open_work.engine.connect() as connection:
        commands = connection.execute(select(outbox.c.message_id).order_by(outbox.c.position)).scalars().all()
    answers = [
        envelope(catalog.StockReserved(checkout_id=state.checkout_id), in_reply_to=command)
        for state, command in zip((first, other), commands, strict=True)
    ]
    payment = envelope(paid(first))
    with open_work() as work:
        engine.receive(work, [(sealed.body, sealed) for sealed in (*answers, payment)])
    with open_work.engine.connect() as connection:
        sent = connection.execute(select(outbox.c.headers).where(outbox.c.topic == catalog.CommitStock.topic))
        (headers,) = sent.scalars()
    assert headers["causation_id"] == str(payment.message_id)
    assert headers["correlation_id"] == str(payment.correlation_id)


def test_a_state_is_shared_by_messages_until_it_changes(start, now, open_work):
    saga_id = start(a_supper("Mei"))
    first = now(saga_id).state
    assert now(saga_id).state is first
    with open_work() as work:
        work.connection.execute(text("""UPDATE saga SET state = jsonb_set(state, '{phone}', '"13900000000"')"""))
    assert now(saga_id).state == replace(first, phone="13900000000")
