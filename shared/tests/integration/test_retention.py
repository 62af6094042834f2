"""Old rows are purged in batches, found by an index, without blocking other transactions."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from tally.service import Tally

from shared import inbox, retention_periods, round_trips
from shared.contracts import catalog
from shared.db import OpenWork
from shared.delivery import Policy
from shared.ids import new_id
from shared.relay.rows import Rows
from shared.retained import EVERYWHERE
from shared.retention import Purge, Purger
from shared.testing import deliver

DELIVERY = [EVERYWHERE[name] for name in ("outbox", "inbox", "idempotency")]
OLD = Purge(table="old", since="since", keep=timedelta(days=1), why="", most=8)


def purge(open_work, *rules, batches=1):
    return Purger(rules or DELIVERY).round(open_work.engine, batches)


def withdrawn(product_id, version=1):
    return catalog.ProductWithdrawn(product_id=product_id, shop_id=new_id(), version=version)


def publish(open_work, *messages, **known):
    with open_work() as work:
        return [work.publish(message, **known) for message in messages]


def rows(open_work):
    with open_work.engine.connect() as connection:
        return [dict(r) for r in connection.execute(text("SELECT * FROM outbox ORDER BY position")).mappings()]


@pytest.fixture
def old(open_work):
    """A table with 40 rows past their retention and one within it; returns a function that counts the rows."""
    with open_work.engine.begin() as connection:
        connection.execute(text("CREATE TABLE old (id int PRIMARY KEY, since timestamptz)"))
        filled = "INSERT INTO old SELECT n, now() - interval '26 hours' * n FROM generate_series(0, 40) AS n"
        connection.execute(text(filled))
        connection.execute(text("CREATE INDEX ON old (since)"))

    def left():
        with open_work.engine.connect() as connection:
            return connection.execute(text("SELECT count(*) FROM old")).scalar()

    return left


def test_a_purge_is_limited_to_a_batch_per_transaction_and_a_budget_per_round(open_work, old):
    batches = []

    class Watched(Purge):
        def remove(self, connection, most):
            removed = super().remove(connection, most)
            batches.append((connection.execute(text("SELECT txid_current()")).scalar(), removed))
            return removed

    purger = Purger([Watched(**vars(OLD))])
    assert purger.round(open_work.engine, batches=3) == 24
    assert purger.round(open_work.engine, batches=3) == 16
    assert old() == 1
    assert [removed for _, removed in batches] == [8, 8, 8, 8, 8, 0]
    assert len({transaction for transaction, _ in batches}) == 6


def test_a_failed_purge_does_not_delay_other_tables_and_uses_smaller_batches(open_work, old):
    """The failure is a statement timeout."""
    tried = []

    class Slow(Purge):
        def remove(self, connection, most):
            tried.append(most)
            if most > 2:
                connection.execute(text("SET LOCAL statement_timeout = 1"))
                connection.execute(text("SELECT pg_sleep(1)"))
            return super().remove(connection, most)

    failures = failed("old")
    purger = Purger([Slow(**vars(OLD)), OLD])
    assert [purger.round(open_work.engine, batches=1) for _ in range(4)] == [8, 8, 2 + 8, 8]
    assert tried == [8, 4, 2, 4]
    assert failed("old") - failures == 3
    assert old() == 7


def failed(table):
    return REGISTRY.get_sample_value("jishi_purge_failures_total", {"table": table}) or 0


def test_without_a_database_a_round_ends_at_once(open_work):
    nowhere = create_engine("postgresql+psycopg2://nobody@127.0.0.1:1/nothing")
    with pytest.raises(OperationalError):
        Purger([OLD]).round(nowhere)


def test_ob_11_sent_rows_are_purged_after_their_retention_and_unsent_ones_never(open_work):
    publish(open_work, withdrawn(new_id()), withdrawn(new_id()), withdrawn(new_id()))
    with open_work.engine.begin() as connection:
        old, young, _ = connection.execute(text("SELECT position FROM outbox ORDER BY 1")).scalars()
        update = text("UPDATE outbox SET sent_at = now() - :age WHERE position = :p")
        connection.execute(update, {"age": timedelta(days=7, minutes=1), "p": old})
        connection.execute(update, {"age": timedelta(days=6, hours=23), "p": young})
        connection.execute(text("UPDATE outbox SET created_at = now() - interval '1 year'"))
    assert purge(open_work) == 1
    assert old not in [row["position"] for row in rows(open_work)]


def test_ob_11_old_rows_are_found_by_index_also_after_new_rows_reused_the_space_of_purged_ones(open_work):
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
        rule = EVERYWHERE["outbox"]
        explained = text(f"EXPLAIN (ANALYZE, FORMAT JSON) {rule.statement}")
        (plan,) = connection.execute(explained, {"age": rule.age, "most": rule.most}).scalar_one()
        connection.rollback()
    assert rows_read(plan["Plan"]) < 100


def test_ob_11_a_running_purge_blocks_no_other_transaction(open_work, impatient):
    """Before its commit others can publish messages, write the inbox, claim rows and mark them as sent."""
    publish(open_work, *(withdrawn(new_id()) for _ in range(3)))
    with open_work.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET sent_at = now() - interval '8 days' WHERE position = 1"))
        past = "SELECT 'tally.once', gen_random_uuid(), now() - interval '31 days' FROM generate_series(1, 50)"
        connection.execute(text(f"INSERT INTO inbox {past}"))
    relay = Rows(impatient.engine)
    with open_work.engine.connect() as purging:
        assert [rule.remove(purging, 100) for rule in DELIVERY] == [1, 50, 0]
        publish(impatient, withdrawn(new_id()))
        with impatient() as work:
            assert inbox.remember(work.connection, "tally.once", [new_id()])
            assert work.once("MEI", "pay", "key", {}, lambda: "paid") == "paid"
        claimed = relay.claim(10)
        relay.sent(claimed)
        assert len(claimed) == 3
        with impatient.engine.connect() as another:  # another purge does not wait either
            assert [rule.remove(another, 100) for rule in DELIVERY] == [0, 0, 0]
        purging.rollback()


@pytest.fixture
def impatient(open_work):
    """A factory of works that fail instead of waiting for a lock."""
    known = {"options": "-c lock_timeout=100ms", "connection_factory": round_trips.Connection}
    engine = create_engine(open_work.engine.url, connect_args=known)
    round_trips.use(engine)
    yield OpenWork(engine, open_work.work_class)
    engine.dispose()


def test_ob_11_a_purge_is_not_blocked_by_locked_rows(open_work):
    """Rows that a transaction has locked are younger than their retention."""
    (claimed,) = publish(open_work, withdrawn(new_id()))
    publish(open_work, withdrawn(new_id()))
    execute = "UPDATE outbox SET sent_at = now() - interval '8 days' WHERE message_id <> :claimed"
    with open_work.engine.begin() as connection:
        connection.execute(text(execute), {"claimed": claimed})
    with open_work.engine.connect() as working, ThreadPoolExecutor(1) as other:
        working.execute(text("SELECT FROM outbox WHERE sent_at IS NULL FOR UPDATE"))
        assert other.submit(purge, open_work).result(timeout=5) == 1
        working.rollback()


def rows_read(plan):
    """The number of rows that a plan reads, including those that it filters out."""
    parts = sum(rows_read(part) for part in plan.get("Plans", []))
    removed = plan.get("Rows Removed by Index Recheck", 0) + plan.get("Rows Removed by Filter", 0)
    return plan["Actual Rows"] + removed + parts


def test_ib_06_a_duplicate_is_handled_again_only_after_the_retention_of_the_inbox(open_work):
    (sent,) = deliver(Tally, open_work, catalog.ReleaseStock(checkout_id=new_id()))
    for age, times in (
        (retention_periods.longest(Policy().rungs), 1),
        (retention_periods.MEMORY + timedelta(seconds=1), 2),
    ):
        with open_work() as work:
            work.connection.execute(text("UPDATE inbox SET received_at = now() - :age"), {"age": age})
        purge(open_work)
        deliver(Tally, open_work, sent)
        with open_work() as work:
            assert work.times(sent.body.checkout_id) == times
