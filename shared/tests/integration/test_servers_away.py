"""The servers of a running system are stopped, started, restarted and frozen."""

import itertools
import json
import threading
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from tally.work import Work

from shared.contracts import catalog
from shared.db import Database
from shared.ids import new_id
from shared.link import connect
from shared.testing import eventually
from shared.testing.lengths import lasting
from shared.testing.processes import processes, service_and_relay

AWAY = lasting(20, long=600)  # seconds; the long one is longer than the relay's claims
BLOCKED = lasting(22, long=150)  # seconds: longer than two heartbeats
DONE = 'jishi_deliveries_total{outcome="done",topic="catalog.release_stock.v1"}'


@pytest.fixture
def tally(database):
    factory = Database.standalone("tally", Work, database)
    yield factory
    factory.engine.dispose()


@pytest.fixture(scope="module")
def running(own, postgres, rabbitmq, database, keys):
    """Tally and its relay, started while neither server was running."""
    postgres.stop()
    rabbitmq.stop()
    both = service_and_relay("tally", database, own.amqp_url, RETRY_RUNGS="0.2,0.4", **keys)
    for process in both:
        process.start(ready=False)
    try:
        eventually(lambda: [process.page("/health/live")[0] for process in both] == [200, 200], within=20)
        assert [process.page("/health/ready")[0] for process in both] == [503, 503]
        postgres.start()
        rabbitmq.start()
        eventually(lambda: all(process.is_ready() for process in both), within=20)
        yield both
    finally:
        for process in both:
            process.kill()


@pytest.fixture
def received(own, running):
    """The messages received by an outside queue: (subject, body, headers) in order of arrival."""
    with connect(own.amqp_url) as connection:
        channel = connection.channel()
        channel.queue_declare("outside", durable=True, auto_delete=False)
        channel.queue_bind("outside", "events", catalog.ProductWithdrawn.topic)
        channel.queue_bind("outside", "commands", catalog.ReleaseStock.topic)
    found = []

    def all_received():
        with connect(own.amqp_url) as connection:
            channel = connection.channel()
            while message := channel.basic_get("outside", no_ack=True):
                found.append((message.headers["cloudEvents_subject"], json.loads(message.body), message.headers))
        return found

    yield all_received
    with connect(own.amqp_url) as connection:
        connection.channel().queue_delete("outside")


class Publisher(threading.Thread):
    """Publishes numbered events about twenty products in turn until it is stopped; counts those committed."""

    def __init__(self, tally):
        super().__init__()
        self.tally, self.stopped = tally, threading.Event()
        self.published, self.longest = dict.fromkeys(map(str, (new_id() for _ in range(20))), 0), 0.0

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.join()

    def run(self):
        products = itertools.cycle(self.published)
        while not self.stopped.wait(0.01):
            product, began = next(products), time.monotonic()
            with self.tally() as work:
                work.publish(withdrawn(UUID(product), self.published[product] + 1))
            self.published[product] += 1
            self.longest = max(self.longest, time.monotonic() - began)

    def first_copies(self, received):
        """The received numbers of each product, in the order in which each was received first."""
        numbers = {product: {} for product in self.published}
        for subject, body, _ in received:
            if subject in numbers:
                numbers[subject].setdefault(body["version"])
        return {product: list(of_one) for product, of_one in numbers.items()}

    @property
    def count(self):
        return sum(self.published.values())

    def all_in_order(self):
        return {product: list(range(1, published + 1)) for product, published in self.published.items()}


def withdrawn(product_id, version):
    return catalog.ProductWithdrawn(product_id=product_id, shop_id=new_id(), version=version)


def release(tally, count, **deadline):
    """Send tally `count` commands through its own outbox; returns their checkouts."""
    checkouts = [new_id() for _ in range(count)]
    with tally() as work:
        for checkout in checkouts:
            work.publish(catalog.ReleaseStock(checkout_id=checkout), **deadline)
    return checkouts


def all_once(tally, checkouts):
    subjects = [str(checkout) for checkout in checkouts]
    with tally() as work:
        found = work.connection.execute(
            text("SELECT times FROM tally WHERE subject = ANY(:subjects)"), {"subjects": subjects}
        )
        return found.scalars().all() == [1] * len(subjects)


def failed(service):
    """The number of deliveries that were sent to the retry ladder or became dead letters."""
    lines = service.page("/metrics")[1].splitlines()
    counted = [line for line in lines if line.startswith("jishi_deliveries_total") and "done" not in line]
    return sum(float(line.rsplit(" ", 1)[1]) for line in counted)


def test_processes_started_before_their_servers_work_once_the_servers_run(running, tally):
    checkouts = release(tally, 3)
    eventually(lambda: all_once(tally, checkouts))


def test_ob_04_ob_12_without_a_broker_work_continues_and_nothing_is_lost_or_expired(
    running, tally, received, rabbitmq
):
    service, relay = running
    with Publisher(tally) as publisher:
        eventually(lambda: publisher.count > 20)
        rabbitmq.stop()
        stopped, count = time.monotonic(), publisher.count
        commands = release(tally, 20, within=timedelta(seconds=AWAY / 4))
        eventually(lambda: time.monotonic() - stopped > AWAY, within=AWAY + 5, every=0.2)
        assert relay.metric("jishi_outbox_lag_seconds") > AWAY / 2
        assert relay.page("/health/ready") == (200, '{"status": "degraded", "failing": ["broker"]}')
        assert publisher.count > count + AWAY, "publishing must continue"
        rabbitmq.start()
    caught_up = lambda: relay.metric("jishi_outbox_waiting") == 0 and service.is_ready()  # noqa: E731
    eventually(caught_up, within=lasting(30, long=180), every=0.2)  # the long one has 40,000 messages to send
    eventually(lambda: len(received()) >= publisher.count + len(commands), within=lasting(20, long=120))
    assert publisher.first_copies(received()) == publisher.all_in_order()
    assert publisher.longest < 2
    deadlines = [
        datetime.fromisoformat(headers["not_after"]) for _, _, headers in received() if "not_after" in headers
    ]
    started = datetime.now(UTC) - timedelta(seconds=time.monotonic() - stopped - AWAY)
    assert len(deadlines) >= len(commands)
    assert min(deadlines) > started, "the deadlines of commands must not start before they are sent"
    eventually(lambda: all_once(tally, commands), within=20)


def test_ob_05_ob_06_a_relay_frozen_past_its_lease_sends_duplicates_but_loses_and_reorders_nothing(
    running, tally, received, own, database
):
    _, relay = running
    _, second = service_and_relay("tally", database, own.amqp_url)
    with processes(second), Publisher(tally) as publisher:
        eventually(lambda: publisher.count > 20)
        relay.freeze()
        try:
            eventually(lambda: second.metric("jishi_relay_leads"), within=30)
            taken_over_at = second.metric("jishi_outbox_sent_total")
            eventually(lambda: second.metric("jishi_outbox_sent_total") > taken_over_at + 200)
        finally:
            relay.thaw()
        eventually(lambda: relay.metric("jishi_relay_leads") == 0)
        so_far = publisher.count
        eventually(lambda: publisher.count > so_far + 20)
        publisher.stopped.set()
        eventually(lambda: len({h["cloudEvents_id"] for _, _, h in received()}) == publisher.count)
    assert publisher.first_copies(received()) == publisher.all_in_order()


def test_dl_09_a_restart_of_the_database_under_load_counts_as_no_failure(running, tally, postgres):
    service, _ = running
    before, handled = failed(service), service.metric(DONE)
    checkouts = release(tally, 2000)
    eventually(lambda: service.metric(DONE) > handled + 50, every=0.005)
    postgres.stop()
    assert service.metric(DONE) < handled + len(checkouts), (
        "the test must restart it before it has handled everything"
    )
    postgres.start()
    tally.engine.dispose()
    eventually(lambda: all_once(tally, checkouts), within=30)
    assert failed(service) == before


def test_a_handler_blocked_for_longer_than_two_heartbeats_does_not_delay_others(running, tally, database):
    service, _ = running
    before, lost = failed(service), service.log().count("broker connection lost")
    blocked = new_id()
    with create_engine(database).connect() as holder:
        holder.execute(text("SET idle_in_transaction_session_timeout = 0"))
        holder.execute(text("INSERT INTO tally VALUES (:subject, 0)"), {"subject": str(blocked)})
        with tally() as work:
            work.publish(catalog.ReleaseStock(checkout_id=blocked))
        began = time.monotonic()
        while time.monotonic() - began < BLOCKED:
            product = new_id()
            with tally() as work:
                work.publish(withdrawn(product, 1))
            eventually(lambda p=product: all_once(tally, [f"once {p}", f"again {p}"]), within=3)
        assert service.is_ready()
        holder.commit()
    eventually(lambda: all_once(tally, [blocked]))
    assert service.log().count("broker connection lost") == lost
    assert failed(service) == before
