"""Deadlines of commands: a saga goes on once the time for the answer has passed by the database's clock."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from shared import observe
from shared.contracts import catalog
from shared.ids import new_id
from shared.migrations import sagas as saga_tables
from shared.retention import Purger
from shared.sagas import Engine, archive, expiry, store
from shared.sagas.instance import Status
from shared.testing import envelope, published
from shared.tests.saga_examples import a_supper, supper
from shared.trace import Trace, following

SENT = text("UPDATE outbox SET sent_at = now() - CAST(:ago AS interval) WHERE sent_at IS NULL")
IN_TIME, LATE = "29 seconds", "30 seconds"


class Driver:
    """An engine on a database; the relay's work is done by `sent`."""

    def __init__(self, open_work):
        self.open_work, self.engine = open_work, Engine(supper)

    def start(self, *guests):
        state = a_supper(*guests)
        with self.open_work() as work:
            return self.engine.start(work, supper, state.checkout_id, state)

    def sent(self, ago):
        self.execute(SENT.text, ago=ago)

    def expire(self):
        expiry.expire(self.open_work, self.engine)

    def answer(self, saga_id, now=None):
        now = now or self.now(saga_id)
        message = catalog.StockReserved(checkout_id=now.state.checkout_id)
        with self.open_work() as work:
            self.engine.receive(work, [(message, envelope(message, in_reply_to=now.awaiting))])

    def now(self, saga_id):
        with self.open_work() as work:
            (found,) = store.lock(work.connection, [saga_id])
            return found.instance(supper)

    def statuses(self, ids):
        return [self.now(saga_id).status for saga_id in ids]

    def execute(self, statement, **terms):
        with self.open_work.engine.begin() as connection:
            found = connection.execute(text(statement), terms)
            return found.mappings().all() if found.returns_rows else []


@pytest.fixture
def driver(open_work):
    with open_work() as work:
        saga_tables.create(Operations(MigrationContext.configure(work.connection)))
    return Driver(open_work)


def test_sg_08_a_command_without_an_answer_expires_when_its_time_has_passed_since_the_confirm(driver):
    saga_id = driver.start()
    driver.execute("UPDATE outbox SET created_at = now() - interval '1 hour'")
    driver.expire()
    assert driver.now(saga_id).status is Status.RUNNING  # the broker does not have it yet
    driver.sent(IN_TIME)
    driver.expire()
    assert driver.now(saga_id).status is Status.RUNNING
    driver.execute("UPDATE outbox SET sent_at = sent_at - interval '1 second'")
    driver.expire()
    assert (driver.now(saga_id).status, driver.now(saga_id).state.reason) == (
        Status.UNDOING, "reserve_unanswered",
    )  # fmt: skip
    assert [type(one) for one in published(driver.open_work)] == [catalog.ReserveStock, catalog.ReleaseStock]


def test_an_undo_without_an_answer_is_sent_again_each_time_later(driver):
    saga_id = driver.start()
    for tries, wait in ((1, 30), (2, 60), (3, 120)):
        driver.sent("1 hour")
        driver.expire()
        assert driver.now(saga_id).tries == tries
        (row,) = driver.execute("SELECT within FROM outbox WHERE sent_at IS NULL")
        assert row["within"] == wait * 1000


def test_a_command_that_can_never_be_sent_has_no_deadline(driver):
    saga_id = driver.start()
    driver.execute("UPDATE outbox SET failed_at = now() - interval '1 hour'")
    driver.expire()
    assert driver.now(saga_id).status is Status.RUNNING


def test_a_copy_that_is_sent_again_has_no_deadline(driver):
    saga_id = driver.start()
    driver.sent(IN_TIME)
    driver.execute("""
        INSERT INTO outbox (message_id, topic, kind, queue, subject, body, headers, within, sent_at)
        SELECT message_id, topic, 'again', 'q', subject, body, headers, within, now() - interval '1 hour'
        FROM outbox
    """)
    driver.expire()
    assert driver.now(saga_id).status is Status.RUNNING


def test_a_stuck_saga_is_moved_by_no_deadline(driver):
    saga_id = driver.start()
    driver.execute("UPDATE saga SET status = 'stuck'")
    driver.sent("1 hour")
    before = driver.now(saga_id)
    driver.expire()
    assert driver.now(saga_id) == before


def test_vs_01_the_undo_continues_the_trace_of_the_command_which_is_its_cause(driver):
    request = Trace(new_id(), f"00-{new_id().hex}-00f067aa0ba902b7-01")
    with following(request):
        driver.start()
    driver.sent(LATE)
    driver.expire()
    command, undo = driver.execute("SELECT message_id, headers FROM outbox ORDER BY position")
    assert undo["headers"] == {
        "correlation_id": str(request.correlation_id),
        "causation_id": str(command["message_id"]),
        "traceparent": request.traceparent,
    }


def test_sg_02_of_an_answer_and_a_deadline_at_the_same_time_one_wins(driver):
    ids = [driver.start() for _ in range(10)]
    driver.sent(LATE)
    answers = [partial(driver.answer, one, driver.now(one)) for one in ids]
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(act) for act in (*answers[:5], driver.expire, driver.expire, *answers[5:])]:
            done.result()
    driver.expire()  # those that an answer had locked were skipped
    for saga_id in ids:
        now = driver.now(saga_id)
        assert (now.status, now.step) in {(Status.RUNNING, "open_payment"), (Status.UNDOING, "reserve")}
        assert now.tries == 1


def test_a_saga_that_another_transaction_holds_is_not_waited_for(driver):
    held, free = driver.start(), driver.start()
    driver.sent(LATE)
    with driver.open_work() as work:
        store.lock(work.connection, [held])
        driver.expire()
    assert driver.statuses([held, free]) == [Status.RUNNING, Status.UNDOING]
    driver.expire()
    assert driver.now(held).status is Status.UNDOING


def test_a_round_handles_all_sagas_in_several_transactions(driver, monkeypatch):
    monkeypatch.setattr(expiry, "MOST", 2)
    ids = [driver.start() for _ in range(5)]
    driver.sent(LATE)
    driver.expire()
    assert set(driver.statuses(ids)) == {Status.UNDOING}


def test_a_saga_that_raises_does_not_stop_the_others_and_is_tried_again(driver, monkeypatch):
    monkeypatch.setattr(expiry, "MOST", 3)
    ids = [driver.start() for _ in range(5)]
    driver.sent(LATE)
    failures = observe.loop_failures.labels("expire_saga_commands")
    before = failures._value.get()
    driver.execute("UPDATE saga SET state = '{}' WHERE saga_id = :id", id=ids[1])
    driver.expire()
    assert driver.statuses([ids[0], *ids[2:]]) == [Status.UNDOING] * 4
    assert failures._value.get() == before + 1
    repair = "UPDATE saga SET state = (SELECT state FROM saga WHERE saga_id = :good) WHERE saga_id = :id"
    driver.execute(repair, id=ids[1], good=ids[0])
    driver.expire()
    assert driver.now(ids[1]).status is Status.UNDOING


def test_ob_11_a_sent_command_is_kept_as_long_as_a_saga_awaits_its_answer(driver):
    """The service was down for longer than sent messages are kept, and purges before it looks for deadlines."""
    awaited, answered = driver.start(), driver.start()
    driver.sent(IN_TIME)
    driver.answer(answered)
    driver.execute("UPDATE outbox SET sent_at = now() - interval '8 days' WHERE sent_at IS NOT NULL")
    Purger([archive.rules()["outbox"]]).round(driver.open_work.engine)
    rows = driver.execute("SELECT message_id FROM outbox WHERE sent_at IS NOT NULL")
    assert [row["message_id"] for row in rows] == [driver.now(awaited).awaiting]
    driver.expire()
    assert driver.now(awaited).status is Status.UNDOING
