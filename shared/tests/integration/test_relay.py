"""The relay publishes the outbox: after the commit, in order, and until the broker has confirmed."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from shared import topology
from shared.contracts import catalog, orders
from shared.ids import new_id
from shared.link import connect
from shared.relay.__main__ import repeat
from shared.relay.relay import BIGGEST, MARK_WITHIN, Relay
from shared.relay.rows import LEASE, Lease, Rows
from shared.testing import eventually
from shared.testing.processes import free_port, processes, service_and_relay
from shared.tests.relay_doubles import Broker, Loop


@pytest.fixture
def relay(open_work):
    """A relay on a real outbox, with a loop and a broker controlled by the test."""
    loop, broker = Loop(), Broker()
    started = Relay(Rows(open_work.engine), broker, loop, lambda: loop.now)
    started.start()
    return SimpleNamespace(loop=loop, broker=broker, relay=started)


def withdrawn(product_id, version=1):
    return catalog.ProductWithdrawn(product_id=product_id, shop_id=new_id(), version=version)


def publish(open_work, *messages, **known):
    with open_work() as work:
        return [work.publish(message, **known) for message in messages]


def rows(open_work):
    with open_work.engine.connect() as connection:
        return [dict(r) for r in connection.execute(text("SELECT * FROM outbox ORDER BY position")).mappings()]


def test_ob_01_a_rolled_back_message_is_never_published(open_work, relay):
    def fail_after_the_flush():
        with open_work() as work:
            work.publish(withdrawn(new_id()))
            work.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_the_flush()
    relay.loop.run(2)
    assert relay.broker.published == []


def test_ob_06_messages_of_one_subject_are_published_in_order_despite_a_refusal(open_work, relay):
    product, other = new_id(), new_id()
    publish(open_work, withdrawn(product, 1), withdrawn(product, 2), withdrawn(other), withdrawn(product, 3))
    relay.relay.pump()
    first, second = relay.broker.published
    assert (first.subject, second.subject) == (str(product), str(other))  # one unconfirmed row per subject
    relay.broker.callbacks.refused(first)
    relay.loop.run(0.5)
    assert relay.broker.published[-1].message_id == first.message_id
    for _ in range(3):
        relay.broker.callbacks.confirmed(relay.broker.published[-1])
        relay.loop.run(MARK_WITHIN)
    versions = [row.body for row in relay.broker.published[2:]]
    assert [body[-2] for body in versions] == ["1", "2", "3"]


def test_ob_07_a_row_is_marked_as_sent_only_after_its_confirm(open_work, relay):
    publish(open_work, withdrawn(new_id()))
    relay.relay.pump()
    (row,) = relay.broker.published
    relay.loop.run(30)
    assert rows(open_work)[0]["sent_at"] is None
    relay.broker.callbacks.confirmed(row)
    relay.loop.run(MARK_WITHIN)
    assert rows(open_work)[0]["sent_at"]


def test_a_confirmed_row_is_marked_with_the_next_claim_or_after_a_moment(open_work, relay):
    for mark in (relay.relay.pump, lambda: relay.loop.run(MARK_WITHIN)):
        publish(open_work, withdrawn(new_id()))
        relay.relay.pump()
        relay.broker.callbacks.confirmed(relay.broker.published[-1])
        relay.loop.run(0)
        assert rows(open_work)[-1]["sent_at"] is None
        mark()
        assert rows(open_work)[-1]["sent_at"]
    assert len(relay.broker.published) == 2


def test_ob_06_a_confirmed_row_is_marked_at_once_if_another_of_its_subject_waits(open_work, relay):
    product = new_id()
    publish(open_work, withdrawn(product, 1), withdrawn(product, 2))
    relay.relay.pump()
    relay.broker.callbacks.confirmed(relay.broker.published[0])
    relay.loop.run(0)
    assert [row["sent_at"] is not None for row in rows(open_work)] == [True, False]
    assert len(relay.broker.published) == 2


def test_ob_03_unconfirmed_rows_are_sent_again_with_the_same_id_after_a_lost_connection(open_work, relay):
    (published,) = publish(open_work, withdrawn(new_id()))
    relay.relay.pump()
    relay.broker.callbacks.lost(list(relay.broker.published), provoked=False)
    relay.broker.callbacks.opened()
    assert [row.message_id for row in relay.broker.published] == [published, published]


def test_ob_05_a_second_relay_waits_and_takes_over_the_claims_of_a_dead_one(open_work, relay):
    publish(open_work, withdrawn(new_id()))
    relay.relay.pump()  # claims and publishes, and then never gets a confirm
    assert len(relay.broker.published) == 1
    loop, broker = Loop(), Broker()
    second = Relay(Rows(open_work.engine), broker, loop, lambda: loop.now)
    second.start()
    assert not second.leads
    assert broker.published == []
    with open_work.engine.begin() as connection:
        connection.execute(text("UPDATE relay_lease SET until = now() - interval '1 s'"))
    loop.run(1.5)
    assert [row.message_id for row in broker.published] == [row.message_id for row in relay.broker.published]


def expire_the_lease(open_work):
    with open_work.engine.begin() as connection:
        connection.execute(text("UPDATE relay_lease SET until = now() - interval '1 second'"))


def test_ob_05_a_relay_that_renews_its_expired_lease_does_not_publish_its_rows_again(open_work, relay):
    """A slow machine may delay a relay for longer than its lease; its unconfirmed rows are still its own."""
    publish(open_work, withdrawn(new_id()))
    relay.relay.pump()
    expire_the_lease(open_work)
    relay.loop.run(LEASE.total_seconds() + 1)
    assert relay.relay.leads
    relay.relay.pump()
    assert len(relay.broker.published) == 1


def test_ob_05_a_relay_publishes_its_rows_again_if_another_one_took_the_lease_meanwhile(open_work, relay):
    (published,) = publish(open_work, withdrawn(new_id()))
    relay.relay.pump()
    expire_the_lease(open_work)
    assert Rows(open_work.engine).take_lease() is Lease.TAKEN
    expire_the_lease(open_work)
    relay.loop.run(LEASE.total_seconds() + 1)
    assert [row.message_id for row in relay.broker.published] == [published] * 2


def test_ob_08_an_unroutable_command_is_kept_and_an_unroutable_event_is_not(open_work, relay):
    publish(open_work, catalog.ReleaseStock(checkout_id=new_id()), withdrawn(new_id()))
    relay.relay.pump()
    for row in list(relay.broker.published):
        relay.broker.callbacks.unroutable(row)
    relay.loop.run(1)
    command, event = rows(open_work)
    assert (command["sent_at"], command["error"]) == (None, "unroutable")
    assert command["not_before"] > datetime.now(UTC) + timedelta(seconds=20)
    assert event["sent_at"]


def test_ob_08_no_message_overtakes_an_unroutable_command_of_its_subject(open_work, relay):
    checkout = new_id()
    publish(
        open_work, catalog.ReserveStock(checkout_id=checkout, lines=()), catalog.ReleaseStock(checkout_id=checkout)
    )
    relay.relay.pump()
    relay.broker.callbacks.unroutable(relay.broker.published[0])
    relay.loop.run(2)
    assert len(relay.broker.published) == 1


def test_ob_10_rows_that_can_never_be_sent_are_marked_as_failed_and_block_no_others(open_work, relay):
    publish(open_work, withdrawn(new_id()), withdrawn(new_id()), withdrawn(new_id()))
    with open_work.engine.begin() as connection:
        first, second, _ = connection.execute(text("SELECT position FROM outbox ORDER BY 1")).scalars()
        connection.execute(
            text("UPDATE outbox SET topic = 'test.unsendable.v1' WHERE position = :p"), {"p": first}
        )
        connection.execute(
            text("UPDATE outbox SET body = repeat('x', :n) WHERE position = :p"), {"n": BIGGEST + 1, "p": second}
        )
    relay.relay.pump()
    assert len(relay.broker.published) == 1
    errors = [row["error"] for row in rows(open_work) if row["failed_at"]]
    assert errors == ["ValueError('not for AMQP')", "too big"]


def test_ob_10_a_row_that_makes_the_broker_close_the_connection_is_found_by_sending_one_by_one(open_work, relay):
    publish(open_work, *(withdrawn(new_id()) for _ in range(5)))
    relay.relay.pump()
    poison = relay.broker.published[2].message_id
    sent = []
    while len(sent) < 4:
        in_flight = [row for row in relay.broker.published if row.message_id not in sent]
        relay.broker.published.clear()
        if poison in [row.message_id for row in in_flight]:
            relay.broker.callbacks.lost(in_flight, provoked=True)
            relay.broker.callbacks.opened()
        else:
            for row in in_flight:
                sent.append(row.message_id)
                relay.broker.callbacks.confirmed(row)
            relay.loop.run(MARK_WITHIN)
    relay.loop.run(1)
    assert [row["message_id"] for row in rows(open_work) if row["failed_at"]] == [poison]


def test_ob_10_a_single_unconfirmed_row_is_retried_once_after_the_broker_closed_the_connection(open_work, relay):
    publish(open_work, withdrawn(new_id()))
    relay.relay.pump()
    failed = []
    for _ in range(2):
        relay.broker.callbacks.lost([relay.broker.published[-1]], provoked=True)
        relay.broker.callbacks.opened()
        failed.append(rows(open_work)[0]["failed_at"] is not None)
    assert failed == [False, True]


def test_a_relay_stopped_several_times_releases_its_lease_once(open_work, relay, monkeypatch):
    released = []
    monkeypatch.setattr(Rows, "leave_lease", lambda _: released.append("lease"))
    publish(open_work, withdrawn(new_id()))
    relay.relay.pump()
    for _ in range(5):
        relay.relay.stop()
    relay.broker.callbacks.confirmed(relay.broker.published[0])
    relay.loop.run(1)
    assert released == ["lease"]


def test_the_time_of_a_command_starts_at_the_first_confirm_and_no_later_mark_changes_it(open_work, relay):
    with open_work() as work:
        work.publish(catalog.ReserveStock(checkout_id=new_id(), lines=()), within=timedelta(seconds=30))
    relay.relay.pump()
    assert rows(open_work)[0]["sent_at"] is None  # no time passes during an outage of the broker
    relay.broker.callbacks.confirmed(relay.broker.published[0])
    relay.loop.run(MARK_WITHIN)
    (sent,) = rows(open_work)
    assert sent["sent_at"]
    Rows(open_work.engine).sent(relay.broker.published)
    assert rows(open_work) == [sent]


def test_a_timer_is_published_when_it_is_due(open_work, relay):
    publish(open_work, orders.WakeSaga(saga_id=new_id(), attempt=1), at=datetime.now(UTC) + timedelta(seconds=1))
    relay.relay.pump()
    assert relay.broker.published == []
    eventually(lambda: (relay.relay.pump(), relay.broker.published)[1])


def test_a_database_error_skips_a_round_and_loses_no_confirm(open_work, relay, monkeypatch):
    publish(open_work, withdrawn(new_id()))
    relay.relay.pump()
    with monkeypatch.context() as broken:
        broken.setattr(Rows, "sent", lambda *_: (_ for _ in ()).throw(OperationalError("", {}, Exception("down"))))
        relay.broker.callbacks.confirmed(relay.broker.published[0])
        relay.loop.run(MARK_WITHIN)
        assert not relay.relay.database_answers
    relay.loop.run(1.5)
    assert rows(open_work)[0]["sent_at"]
    assert len(relay.broker.published) == 1


def test_work_that_fails_with_a_database_error_is_repeated(relay):
    rounds = []

    def work():
        rounds.append(relay.loop.now)
        if len(rounds) == 2:
            raise OperationalError("", {}, Exception("down"))
        return 0.1 if len(rounds) == 1 else None

    repeat(relay.loop, 60, work)
    started = relay.loop.now
    relay.loop.run(130)
    assert [timestamp - started for timestamp in rounds] == pytest.approx([60, 60.1, 120.1])


def test_ob_02_a_message_committed_before_a_kill_is_published_after_the_restart(
    open_work, database_url, vhost, monkeypatch
):
    """A real relay process; the message was committed while no relay was running."""
    (published,) = publish(open_work, withdrawn(new_id()))
    port = free_port()
    _, process = service_and_relay("tally", database_url, vhost, RELAY_WAKE_PORT=port)
    monkeypatch.setenv("RELAY_WAKE_PORT", str(port))
    with connect(vhost) as connection:
        channel = connection.channel()
        topology.declare_exchanges(channel)
        channel.queue_declare("received", exclusive=True)
        channel.queue_bind("received", "events", "catalog.#")
        process.start()
        message = eventually(lambda: channel.basic_get("received", no_ack=True))
        with open_work() as work:
            started = time.monotonic()
            work.publish(withdrawn(new_id()))
        eventually(lambda: channel.basic_get("received", no_ack=True), every=0.005)
        woken_after = time.monotonic() - started
        assert process.stop() == 0
    assert message.properties["message_id"] == str(published)
    attributes = {name: message.headers[f"cloudEvents_{name}"] for name in ("id", "type", "source", "specversion")}
    assert attributes == {
        "id": str(published),
        "type": "catalog.product_withdrawn.v1",
        "source": "tally",
        "specversion": "1.0",
    }
    assert message.headers["traceparent"].startswith("00-")
    assert woken_after < 0.9  # woken by the datagram and not by the poll


def test_ob_08_ob_10_unroutable_and_unsendable_messages_are_counted_with_a_real_broker(
    open_work, database_url, vhost
):
    bad, big, command, event = publish(
        open_work,
        withdrawn(new_id()),
        withdrawn(new_id()),
        catalog.ReleaseStock(checkout_id=new_id()),
        withdrawn(new_id()),
    )
    with open_work() as work:
        work.connection.execute(
            text("""UPDATE outbox SET headers = '{"traceparent": 1e99}' WHERE message_id = :i"""), {"i": bad}
        )
        work.connection.execute(
            text("UPDATE outbox SET body = repeat('x', :n) WHERE message_id = :i"), {"n": BIGGEST + 1, "i": big}
        )
    _, process = service_and_relay("tally", database_url, vhost)
    with processes(process):
        eventually(lambda: process.metric("jishi_outbox_sent_total") == 1)
        unroutable = 'jishi_outbox_unroutable_total{{kind="{}",topic="catalog.{}.v1"}}'
        assert process.metric(unroutable.format("command", "release_stock")) == 1
        assert process.metric(unroutable.format("event", "product_withdrawn")) == 1
        assert process.metric('jishi_outbox_failed_total{topic="catalog.product_withdrawn.v1"}') == 2
    found = {row["message_id"]: row for row in rows(open_work)}
    assert found[bad]["failed_at"]
    assert (found[big]["failed_at"] is not None, found[big]["error"]) == (True, "too big")
    assert found[command]["error"] == "unroutable"
    assert found[event]["sent_at"]


def test_ob_08_an_unroutable_command_is_delivered_once_its_queue_exists(open_work, database_url, vhost):
    (published,) = publish(open_work, catalog.ReleaseStock(checkout_id=new_id()))
    _, process = service_and_relay("tally", database_url, vhost)
    with processes(process), connect(vhost) as connection:
        eventually(lambda: rows(open_work)[0]["error"] == "unroutable")
        channel = connection.channel()
        channel.queue_declare("late", exclusive=True)
        channel.queue_bind("late", "commands", "catalog.release_stock.v1")
        with open_work.engine.begin() as database:
            database.execute(text("UPDATE outbox SET not_before = now()"))  # as if half a minute had passed
        message = eventually(lambda: channel.basic_get("late", no_ack=True))
        eventually(lambda: rows(open_work)[0]["sent_at"])
    assert message.properties["message_id"] == str(published)


def test_the_relay_does_not_import_eventlet():
    program = "import sys, shared.relay.__main__; sys.exit('eventlet' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
