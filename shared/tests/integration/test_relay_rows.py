"""The relay's statements on a real outbox."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from shared.contracts import catalog
from shared.ids import new_id
from shared.relay.rows import LEASE, Lease, Rows
from shared.testing import eventually
from shared.testing.meeting import is_blocked


def withdrawn(product_id, version=1):
    return catalog.ProductWithdrawn(product_id=product_id, shop_id=new_id(), version=version)


def publish(open_work, *messages, **known):
    with open_work() as work:
        return [work.publish(message, **known) for message in messages]


def rows(open_work):
    with open_work.engine.connect() as connection:
        return [dict(r) for r in connection.execute(text("SELECT * FROM outbox ORDER BY position")).mappings()]


def test_ob_06_rows_that_a_frozen_relay_is_marking_are_not_overtaken(open_work):
    product = new_id()
    published = publish(open_work, withdrawn(product, 1), withdrawn(product, 2))
    with open_work.engine.connect() as frozen:
        frozen.execute(text("UPDATE outbox SET sent_at = now() WHERE position = 1"))
        assert [row.message_id for row in Rows(open_work.engine).claim(10)] == published
        frozen.rollback()


def test_a_claim_finds_neither_rows_that_are_held_nor_those_that_were_sent(open_work):
    published = publish(open_work, *(withdrawn(new_id()) for _ in range(4)))
    relay = Rows(open_work.engine)
    sent, held, *others = relay.claim(10)
    relay.sent([sent])
    assert [row.message_id for row in relay.claim(1, [held.position])] == [others[0].message_id]
    assert [row.message_id for row in relay.claim(10, [held.position])] == published[2:]


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


def test_ob_12_the_lag_is_the_age_of_the_oldest_due_row(open_work):
    publish(open_work, withdrawn(new_id()))
    publish(open_work, withdrawn(new_id()), at=datetime.now(UTC) + timedelta(days=1))
    with open_work.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET created_at = now() - interval '90 s'"))
    waiting, lag = Rows(open_work.engine).backlog()
    assert waiting == 1
    assert 89 < lag.total_seconds() < 100
