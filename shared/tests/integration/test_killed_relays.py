"""Real relays are killed (SIGKILL) at every step of their work, with a real broker: nothing is lost."""

import signal
from collections import defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import text

from shared import topology
from shared.contracts import catalog
from shared.ids import new_id
from shared.link import connect
from shared.testing import envelope, eventually
from shared.testing.processes import processes, service_and_relay
from shared.testing.publishing import publish

UNSENT = "sent_at IS NULL AND not_before IS NULL"
DONE = 'jishi_deliveries_total{outcome="done",topic="catalog.release_stock.v1"}'
STEPS = [
    "shared.relay.rows:Rows.take_lease before",
    "shared.relay.rows:Rows.take_lease after",
    "shared.relay.rows:Rows.claim before",
    "shared.relay.rows:Rows.claim after",
    "shared.relay.publisher:Publisher.publish before",
    "shared.relay.publisher:Publisher.publish after",
    "shared.relay.publisher:Publisher._answered before",  # the broker has it and has confirmed it
    "shared.relay.relay:Relay.confirmed after",
    "shared.relay.rows:Rows.sent before",
    "shared.relay.rows:Rows.sent after",
]


@pytest.fixture
def channel(vhost):
    with connect(vhost) as connection:
        channel = connection.channel()
        topology.declare_exchanges(channel)
        yield channel


@pytest.fixture
def received(channel):
    """The messages that an outside queue has received so far, in order of arrival."""
    queue = f"outside.{new_id()}"
    channel.queue_declare(queue, exclusive=True)
    channel.queue_bind(queue, "events", catalog.ProductWithdrawn.topic)
    channel.queue_bind(queue, "commands", catalog.ReleaseStock.topic)
    found = []

    def all_received():
        while message := channel.basic_get(queue, no_ack=True):
            found.append(message)
        return found

    return all_received


def withdrawn(product_id, version):
    return catalog.ProductWithdrawn(product_id=product_id, shop_id=new_id(), version=version)


def publish_five(open_work):
    """Publish three events of one product, one of another, and a command with a deadline; ids by subject."""
    cup, jug, checkout = new_id(), new_id(), new_id()
    published = defaultdict(list)
    with open_work() as work:
        for message in (withdrawn(cup, 1), withdrawn(cup, 2), withdrawn(jug, 1), withdrawn(cup, 3)):
            published[message.subject].append(str(work.publish(message)))
        command = work.publish(catalog.ReleaseStock(checkout_id=checkout), within=timedelta(minutes=1))
    published[str(checkout)].append(str(command))
    return dict(published)


def first_copies(messages):
    """The received ids by subject, in the order in which each was received first."""
    ids = defaultdict(dict)
    for message in messages:
        ids[message.headers["cloudEvents_subject"]].setdefault(message.properties["message_id"])
    return {subject: list(of_one) for subject, of_one in ids.items()}


def execute(open_work, statement):
    with open_work.engine.begin() as connection:
        found = connection.execute(text(statement))
        return found.scalars().all() if found.returns_rows else []


def expire_the_lease(open_work):
    execute(open_work, "UPDATE relay_lease SET until = now()")


@pytest.mark.parametrize("step", STEPS)
def test_ob_03_a_relay_killed_at_any_step_loses_nothing_and_every_copy_has_the_same_id(
    open_work, database_url, vhost, received, step
):
    published = publish_five(open_work)
    _, relay = service_and_relay("tally", database_url, vhost)
    dying = relay.through("dying", DIES_AT=step).start(ready=False)
    assert dying.ended() == -signal.SIGKILL
    expire_the_lease(open_work)
    with processes(relay.through("dying")):
        eventually(lambda: first_copies(received()) == published)
        eventually(lambda: execute(open_work, "SELECT topic FROM outbox WHERE sent_at IS NULL") == [])
    assert {message.properties["message_id"] for message in received()} == {
        i for ids in published.values() for i in ids
    }


def test_ob_02_a_message_committed_right_before_a_kill_is_published_after_the_restart(
    database_url, vhost, keys, open_work, channel
):
    """The service is killed between its commit and the datagram to the relay, which is not running either."""
    queue = channel.queue_declare("", exclusive=True).queue
    channel.queue_bind(queue, "events", catalog.StockReleased.topic)
    service, relay = service_and_relay("tally", database_url, vhost, **keys)
    dying = service.through("dying", DIES_AT="shared.db:wake_relay before").start()
    sealed = envelope(catalog.ReleaseStock(checkout_id=new_id()))
    publish(channel, sealed)
    assert dying.ended() == -signal.SIGKILL
    (published,) = execute(open_work, f"SELECT message_id FROM outbox WHERE {UNSENT}")
    with processes(service, relay):
        answer = eventually(lambda: channel.basic_get(queue, no_ack=True))
        assert answer.properties["message_id"] == str(published)
        assert answer.headers["causation_id"] == str(sealed.message_id)
        eventually(lambda: service.metric(DONE) == 1)  # the command was redelivered and recognised
    assert channel.basic_get(queue, no_ack=True) is None


def test_ob_05_one_of_two_relays_sends_each_row_once_and_the_other_takes_over_when_it_is_killed(
    open_work, database_url, vhost, received
):
    relays = [service_and_relay("tally", database_url, vhost)[1] for _ in range(2)]
    with processes(*relays):
        published = [i for _ in range(30) for i in publish_five(open_work).values()]
        eventually(lambda: execute(open_work, f"SELECT topic FROM outbox WHERE {UNSENT}") == [], within=20)
        eventually(lambda: len(received()) == 150)
        assert len({message.properties["message_id"] for message in received()}) == 150  # each once
        leading, waiting = sorted(relays, key=lambda relay: -relay.metric("jishi_outbox_sent_total"))
        assert waiting.metric("jishi_outbox_sent_total") == 0
        published += publish_and_kill_in_the_middle(open_work, leading, received)
        eventually(lambda: waiting.metric("jishi_relay_leads") == 1, within=30)
        eventually(lambda: execute(open_work, f"SELECT topic FROM outbox WHERE {UNSENT}") == [], within=20)
        eventually(lambda: sorted(first_copies(received()).values()) == sorted(published))


def publish_and_kill_in_the_middle(open_work, relay, received):
    """Publish events of one product, which are sent one by one, and kill the relay before it has sent all."""
    so_far, product = len(received()), new_id()
    with open_work() as work:
        published = [str(work.publish(withdrawn(product, version))) for version in range(1, 1001)]
    eventually(lambda: len(received()) > so_far + 50, every=0.001)
    relay.kill()
    assert execute(open_work, f"SELECT count(*) FROM outbox WHERE {UNSENT}") > [0], (
        "the relay must be killed before it has sent all"
    )
    return [published]
