"""The relay's statements on a real outbox."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from shared.contracts import catalog
from shared.ids import new_id
from shared.relay.rows import LEASE, Lease, Rows
from shared.testing import eventually


def withdrawn(product_id, version=1):
    return catalog.ProductWithdrawn(product_id=product_id, shop_id=new_id(), version=version)


def publish(open_work, *messages, **known):
    with open_work() as work:
        return [work.publish(message, **known) for message in messages]


def rows(open_work):
    with open_work.engine.connect() as connection:
        return [dict(r) for r in connection.execute(text("SELECT * FROM outbox ORDER BY position")).mappings()]


def test_ob_06_a_claim_waits_for_rows_locked_by_a_frozen_relay(open_work):
    product = new_id()
    published = publish(open_work, withdrawn(product, 1), withdrawn(product, 2))
    with open_work.engine.connect() as frozen, ThreadPoolExecutor(1) as other:
        frozen.execute(text("SELECT FROM outbox ORDER BY position LIMIT 1 FOR UPDATE"))
        claim = other.submit(Rows(open_work.engine).claim, 10)
        eventually(lambda: claim.done() or is_blocked(open_work))
        frozen.rollback()  # as the database does after its timeout
    assert [row.message_id for row in claim.result()] == published


def expire_the_lease(open_work):
    with open_work.engine.begin() as connection:
        connection.execute(text("UPDATE relay_lease SET until = now() - interval '1 second'"))


def test_ob_05_a_holder_that_renews_its_expired_lease_keeps_its_claims(open_work):
    """A slow machine may delay a relay for longer than its lease; its unconfirmed rows are still its own."""
    (published,) = publish(open_work, withdrawn(new_id()))
    relay = Rows(open_work.engine)
    assert relay.take_lease() is Lease.TAKEN
    assert [row.message_id for row in relay.claim(10)] == [published]
    expire_the_lease(open_work)
    assert relay.take_lease() is Lease.RENEWED
    assert relay.claim(10) == []


def test_ob_05_a_lease_that_another_relay_took_meanwhile_voids_all_claims(open_work):
    (published,) = publish(open_work, withdrawn(new_id()))
    relay, other = Rows(open_work.engine), Rows(open_work.engine)
    assert relay.take_lease() is Lease.TAKEN
    assert relay.claim(10)
    expire_the_lease(open_work)
    assert other.take_lease() is Lease.TAKEN
    assert relay.take_lease() is Lease.HELD_BY_OTHER
    expire_the_lease(open_work)
    assert relay.take_lease() is Lease.TAKEN
    assert [row.message_id for row in relay.claim(10)] == [published]


def test_ob_05_a_relay_that_waited_while_another_took_the_lease_does_not_take_it_too(open_work):
    """Its transaction started before the lease was taken, so that by now() the lease seems to last too long."""
    waiting = Rows(open_work.engine)
    with open_work.engine.connect() as leading, ThreadPoolExecutor(1) as other:
        leading.execute(text("SELECT FROM relay_lease FOR UPDATE"))
        taken = other.submit(waiting.take_lease)
        eventually(lambda: taken.done() or is_blocked(open_work))
        take = text("UPDATE relay_lease SET holder = :me, until = clock_timestamp() + :lease")
        leading.execute(take, {"me": new_id(), "lease": LEASE})
        leading.commit()
    assert taken.result() is Lease.HELD_BY_OTHER


def is_blocked(open_work):
    with open_work.engine.connect() as connection:
        sessions = "SELECT wait_event_type FROM pg_stat_activity WHERE datname = current_database()"
        return "Lock" in connection.execute(text(sessions)).scalars().all()


def test_ob_12_the_lag_is_the_age_of_the_oldest_due_row(open_work):
    publish(open_work, withdrawn(new_id()))
    publish(open_work, withdrawn(new_id()), at=datetime.now(UTC) + timedelta(days=1))
    with open_work.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET created_at = now() - interval '90 s'"))
    waiting, lag = Rows(open_work.engine).backlog()
    assert waiting == 1
    assert 89 < lag.total_seconds() < 100
