"""Conflicting transactions: the loser is retried, and its message does not become a dead letter."""

import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tally.service import Tally

from shared.batches import Batches, DatabaseDown
from shared.contracts import catalog
from shared.db import Database, OpenWork
from shared.delivery import Done, Later, Policy
from shared.handlers import Handler
from shared.ids import new_id
from shared.testing import envelope
from shared.testing.broker_free import delivery


class Colliding(Tally):
    """Raises these PostgreSQL errors, one per try, before it succeeds."""

    def __init__(self, errors):
        self.errors = errors

    def release(self, work, command):
        if self.errors:
            work.connection.execute(
                text(f"DO $$ BEGIN RAISE EXCEPTION 'simulated' USING ERRCODE = '{self.errors.pop()}'; END $$")
            )
        super().release(work, command)


def batches(open_work, errors, **known):
    service = Colliding(errors)
    handler = Handler("release", "tally.release", together=False, kinds=frozenset({"command"}))
    known = {"policy": Policy(immediate=0, rungs=(1,)), "sleep": lambda _: None, **known}
    return Batches("catalog.release_stock.v1", [handler], lambda: service, open_work, **known)


def release():
    return delivery(envelope(catalog.ReleaseStock(checkout_id=new_id())))


def times(open_work):
    with open_work() as work:
        return work.times()


@pytest.mark.parametrize(
    "error", ["40001", "40P01", "55P03", "23505"], ids=["serialization", "deadlock", "lock", "unique key"]
)
def test_ib_08_a_conflict_is_retried_and_not_counted_as_an_attempt(open_work, error):
    assert batches(open_work, [error, error]).run([release()]) == [Done()]
    assert times(open_work) == 1


class Racing(Tally):
    """Counts a chair by a query and an insert or update; on the first try another transaction runs in between."""

    def __init__(self, open_work, other):
        self.open_work, self.other, self.tries = open_work, other, 0

    def release(self, work, command):
        self.tries += 1
        known = work.times("chair")
        if self.tries == 1:
            with self.open_work() as other:
                other.connection.execute(text(self.other))
        insert, update = "INSERT INTO tally VALUES ('chair', 1)", "UPDATE tally SET times = times + 1"
        work.connection.execute(text(update if known else insert))


@pytest.mark.parametrize(
    ("before", "other", "isolation"),
    [
        ("INSERT INTO tally VALUES ('chair', 1)", "UPDATE tally SET times = times + 1", "REPEATABLE READ"),
        ("SELECT 1", "INSERT INTO tally VALUES ('chair', 1)", "READ COMMITTED"),
    ],
    ids=["serialization", "unique key"],
)
def test_ib_08_of_two_conflicting_transactions_the_loser_is_retried_without_a_failed_attempt(
    open_work, before, other, isolation
):
    with open_work() as work:
        work.connection.execute(text(before))
    strict = OpenWork(open_work.engine.execution_options(isolation_level=isolation), open_work.work_class)
    racing = Racing(open_work, other)
    handler = Handler("release", "tally.release", together=False, kinds=frozenset({"command"}))
    policy = Policy(immediate=0, rungs=(1,))  # a single attempt, which the conflict must not use up
    runner = Batches("catalog.release_stock.v1", [handler], lambda: racing, strict, policy=policy)
    assert runner.run([release()]) == [Done()]
    assert racing.tries == 2
    assert times(open_work) == (3 if isolation == "REPEATABLE READ" else 2)


def test_ib_08_a_whole_batch_is_retried_after_a_deadlock(open_work):
    assert batches(open_work, ["40P01", "40P01"]).run([release(), release()]) == [Done(), Done()]
    assert times(open_work) == 2


def test_ib_08_a_failure_after_a_lost_race_still_counts_as_a_failure(open_work):
    """A failure after a lost race is the message's own and is counted."""
    (outcome,) = batches(open_work, ["22012"] * 10 + ["23505"]).run([release()])
    assert isinstance(outcome, Later)


def test_a_unique_key_that_is_always_taken_is_a_failure(open_work):
    (outcome,) = batches(open_work, ["23505"] * 10).run([release()])
    assert isinstance(outcome, Later)


def test_any_other_database_error_is_a_failure(open_work):
    (outcome,) = batches(open_work, ["22012"] * 10).run([release()])
    assert isinstance(outcome, Later)


def test_dl_09_an_unreachable_database_is_not_a_failure_of_the_message():
    nowhere = Database.standalone("tally", Tally.work.work_class, "postgresql+psycopg2://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseDown):
        batches(nowhere, []).run([release()])
    nowhere.engine.dispose()


@pytest.mark.parametrize("code", ["57P01", "25006", "53100", "58030"])
def test_dl_09_a_server_that_stops_is_a_standby_or_is_full_is_not_a_failure_of_the_message(open_work, code):
    with pytest.raises(DatabaseDown):
        batches(open_work, [code]).run([release()])
    assert times(open_work) == 0


def test_a_connection_to_a_standby_is_dropped(open_work):
    def count():
        with open_work() as work:
            work.count("chair")

    with open_work.engine.begin() as connection:
        connection.execute(text("SET default_transaction_read_only = on"))
    with pytest.raises(DBAPIError) as refused:
        count()
    assert refused.value.orig.pgcode == "25006"
    count()
    assert times(open_work) == 1


def test_a_transaction_that_waits_too_long_for_a_lock_fails(open_work):
    with open_work() as holder:
        holder.count("chair")

        def wait():
            with open_work() as waiting:
                waiting.connection.execute(text("SET LOCAL lock_timeout = '100ms'"))
                waiting.count("chair")

        with pytest.raises(DBAPIError) as gave_up:
            wait()
    assert gave_up.value.orig.pgcode == "55P03"


class Idling(Tally):
    """Leaves its transaction idle for longer than the database allows before it continues."""

    def release(self, work, command):
        work.connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = '50ms'"))
        time.sleep(0.5)
        super().release(work, command)


def test_dl_01_a_handler_that_leaves_its_transaction_idle_fails_and_does_not_block_its_queue(
    open_work, monkeypatch
):
    """The database ends such a session, which looks like an outage and would happen at every further try."""
    monkeypatch.setattr("shared.batches.IDLE_LIMIT", 0.1)
    handler = Handler("release", "tally.release", together=False, kinds=frozenset({"command"}))
    policy = Policy(immediate=0, rungs=(1,))
    runner = Batches(catalog.ReleaseStock.topic, [handler], Idling, open_work, policy=policy)
    (outcome,) = runner.run([release()])
    assert isinstance(outcome, Later)
