"""The statements by which the relay reads and keeps the outbox, on a real one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text
from tally.service import Tally

from shared import inbox, windows
from shared.contracts import catalog
from shared.db import OpenWork
from shared.delivery import Policy
from shared.ids import new_id
from shared.relay.rows import PURGES, Rows
from shared.testing import deliver, eventually


def withdrawn(product_id, version=1):
    return catalog.ProductWithdrawn(product_id=product_id, shop_id=new_id(), version=version)


def say(open_work, *messages, **known):
    with open_work() as work:
        return [work.say(message, **known) for message in messages]


def rows(open_work):
    with open_work.engine.connect() as connection:
        return [dict(r) for r in connection.execute(text("SELECT * FROM outbox ORDER BY position")).mappings()]


def test_ob_06_rows_that_a_frozen_relay_has_locked_are_waited_for_and_not_passed(open_work):
    product = new_id()
    said = say(open_work, withdrawn(product, 1), withdrawn(product, 2))
    with open_work.engine.connect() as frozen, ThreadPoolExecutor(1) as other:
        frozen.execute(text("SELECT FROM outbox ORDER BY position LIMIT 1 FOR UPDATE"))
        claim = other.submit(Rows(open_work.engine).claim, 10)
        eventually(lambda: claim.done() or is_blocked(open_work))
        frozen.rollback()  # the database does so for it, after a while
    assert [row.message_id for row in claim.result()] == said


def is_blocked(open_work):
    with open_work.engine.connect() as connection:
        sessions = "SELECT wait_event_type FROM pg_stat_activity WHERE datname = current_database()"
        return "Lock" in connection.execute(text(sessions)).scalars().all()


def test_ob_11_sent_rows_are_purged_after_their_time_and_unsent_ones_never(open_work):
    say(open_work, withdrawn(new_id()), withdrawn(new_id()), withdrawn(new_id()))
    with open_work.engine.begin() as connection:
        old, young, _ = connection.execute(text("SELECT position FROM outbox ORDER BY 1")).scalars()
        update = text("UPDATE outbox SET sent_at = now() - :age WHERE position = :p")
        connection.execute(update, {"age": timedelta(days=7, minutes=1), "p": old})
        connection.execute(update, {"age": timedelta(days=6, hours=23), "p": young})
        connection.execute(text("UPDATE outbox SET created_at = now() - interval '1 year'"))
    assert Rows(open_work.engine).purge() == 1
    assert old not in [row["position"] for row in rows(open_work)]


def test_ob_11_old_rows_are_found_by_index_also_where_new_ones_have_taken_the_room_of_purged_ones(open_work):
    fill = """
        INSERT INTO outbox (message_id, topic, kind, subject, body, headers, sent_at)
        SELECT gen_random_uuid(), 't', 'event', '', '', '{}', now() - CAST(:age AS interval)
        FROM generate_series(1, 20000)"""
    with open_work.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(fill), {"age": "8 days"})
        connection.execute(text("DELETE FROM outbox"))
        connection.execute(text("VACUUM outbox"))
        connection.execute(text(fill), {"age": "1 minute"})
        connection.execute(text("ANALYZE outbox"))
    with open_work.engine.connect() as connection:
        statement, age = PURGES[0]
        explained = text(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.text}")
        (plan,) = connection.execute(explained, {"age": age}).scalar_one()
        connection.rollback()
    assert looked_at(plan["Plan"]) < 100


def test_ob_11_a_purge_under_way_keeps_nobody_waiting(open_work, impatient):
    """Between its statements and its commit messages are said, remembered, claimed and marked as sent."""
    say(open_work, *(withdrawn(new_id()) for _ in range(3)))
    with open_work.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET sent_at = now() - interval '8 days' WHERE position = 1"))
        past = "SELECT 'tally.once', gen_random_uuid(), now() - interval '31 days' FROM generate_series(1, 50)"
        connection.execute(text(f"INSERT INTO inbox {past}"))
    relay = Rows(impatient.engine)
    with open_work.engine.connect() as purging:
        assert [purging.execute(statement, {"age": age}).rowcount for statement, age in PURGES] == [1, 50, 0]
        say(impatient, withdrawn(new_id()))
        with impatient() as work:
            assert inbox.remember(work.connection, "tally.once", [new_id()])
            assert work.once("MEI", "pay", "key", {}, lambda: "paid") == "paid"
        claimed = relay.claim(10)
        relay.sent(claimed)
        assert len(claimed) == 3
        assert relay.purge() == 0  # nor does another purge wait for this one
        purging.rollback()


@pytest.fixture
def impatient(open_work):
    """Opens works that fail rather than wait for a lock."""
    engine = create_engine(open_work.engine.url, connect_args={"options": "-c lock_timeout=100ms"})
    yield OpenWork(engine, open_work.work_class)
    engine.dispose()


def test_ob_11_a_purge_waits_for_nobody_who_works(open_work):
    """Rows that somebody has locked are younger than the window, and none of its business."""
    (claimed,) = say(open_work, withdrawn(new_id()))
    say(open_work, withdrawn(new_id()))
    execute = "UPDATE outbox SET sent_at = now() - interval '8 days' WHERE message_id <> :claimed"
    with open_work.engine.begin() as connection:
        connection.execute(text(execute), {"claimed": claimed})
    with open_work.engine.connect() as working, ThreadPoolExecutor(1) as other:
        working.execute(text("SELECT FROM outbox WHERE sent_at IS NULL FOR UPDATE"))
        assert other.submit(Rows(open_work.engine).purge).result(timeout=5) == 1
        working.rollback()


def looked_at(plan):
    """How many rows the parts of a plan read, with those that they threw away."""
    parts = sum(looked_at(part) for part in plan.get("Plans", []))
    removed = plan.get("Rows Removed by Index Recheck", 0) + plan.get("Rows Removed by Filter", 0)
    return plan["Actual Rows"] + removed + parts


def test_ob_12_the_lag_is_the_age_of_the_oldest_row_that_should_have_left(open_work):
    say(open_work, withdrawn(new_id()))
    say(open_work, withdrawn(new_id()), at=datetime.now(UTC) + timedelta(days=1))
    with open_work.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET created_at = now() - interval '90 s'"))
    waiting, lag = Rows(open_work.engine).backlog()
    assert waiting == 1
    assert 89 < lag.total_seconds() < 100


def test_ib_06_a_copy_that_comes_after_the_window_is_handled_as_new_and_one_within_it_is_not(open_work):
    (sent,) = deliver(Tally, open_work, catalog.ReleaseStock(checkout_id=new_id()))
    for age, times in ((windows.longest(Policy().rungs), 1), (windows.MEMORY + timedelta(seconds=1), 2)):
        with open_work() as work:
            work.connection.execute(text("UPDATE inbox SET received_at = now() - :age"), {"age": age})
        Rows(open_work.engine).purge()
        deliver(Tally, open_work, sent)
        with open_work() as work:
            assert work.times(sent.body.checkout_id) == times
