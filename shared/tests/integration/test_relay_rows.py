"""The statements by which the relay reads and keeps the outbox, on a real one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from shared.contracts import catalog
from shared.ids import new_id
from shared.relay.rows import Rows
from shared.testing import eventually


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


def test_ob_12_the_lag_is_the_age_of_the_oldest_row_that_should_have_left(open_work):
    say(open_work, withdrawn(new_id()))
    say(open_work, withdrawn(new_id()), at=datetime.now(UTC) + timedelta(days=1))
    with open_work.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET created_at = now() - interval '90 s'"))
    waiting, lag = Rows(open_work.engine).backlog()
    assert waiting == 1
    assert 89 < lag.total_seconds() < 100
