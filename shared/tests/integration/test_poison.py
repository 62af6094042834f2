"""A message that kills its process, again and again, is stopped; those around it are not taken along."""

import secrets
import signal

import amqp
import pytest
from sqlalchemy import text
from tally.service import DEADLY

from shared import topology, wire
from shared.contracts import catalog
from shared.ids import new_id
from shared.link import connect
from shared.testing import envelope, eventually
from shared.testing.lengths import lasting
from shared.testing.processes import service_and_relay

LIMIT = lasting(4, long=topology.DELIVERY_LIMIT)


@pytest.fixture
def own_vhost(servers):
    """A vhost whose queues have a delivery limit of the test's own."""
    name = f"test_{secrets.token_hex(4)}"
    yield servers.create_vhost(name)
    servers.delete_vhost(name)


def low(available):
    return envelope(catalog.StockLow(sku_id=new_id(), product_id=new_id(), shop_id=new_id(), available=available))


def publish(channel, *sealed):
    for one in sealed:
        message = amqp.Message(wire.body(one), application_headers=wire.headers(one), delivery_mode=2)
        channel.basic_publish(message, wire.exchange_of(one.body.kind), one.body.topic)


def handled(open_work):
    with open_work.engine.connect() as connection:
        return sorted(connection.execute(text("SELECT message_id FROM inbox")).scalars())


def test_dl_10_a_message_that_kills_its_process_is_stopped_and_takes_no_innocents_along(
    own_vhost, database_url, keys, open_work
):
    poison, innocents = low(DEADLY), [low(7) for _ in range(100)]
    service, _ = service_and_relay("tally", database_url, own_vhost, **keys)
    service = service.through("dying", CHANGED=f"shared.topology:DELIVERY_LIMIT={LIMIT}").start()
    with connect(own_vhost) as connection:
        publish(connection.channel(), *innocents[:50], poison, *innocents[50:])
    deaths = []

    def is_stopped():
        if service.has_ended():
            assert service.ended() == -signal.SIGKILL
            deaths.append(service.start(ready=False))
        return dead(own_vhost)

    try:
        letters = eventually(is_stopped, within=lasting(90, long=300), every=0.1)
        eventually(lambda: handled(open_work) == sorted(one.message_id for one in innocents), within=30)
        eventually(service.is_ready, within=20)
    finally:
        service.kill()
    assert LIMIT <= len(deaths) <= LIMIT + 1
    assert [*letters, *dead(own_vhost)] == [wire.body(poison)]


def test_dl_10_what_is_handled_was_delivered_once_however_much_comes(own_vhost, database_url, keys, open_work):
    """With a limit of one more delivery, whatever the consumer sends back of itself shows as a dead letter."""
    innocents = [low(7) for _ in range(1500)]
    service, _ = service_and_relay("tally", database_url, own_vhost, **keys)
    service = service.through("dying", CHANGED="shared.topology:DELIVERY_LIMIT=1").start()
    assert service.stop() == 0
    with connect(own_vhost) as connection:
        publish(connection.channel(), *innocents)
    try:
        service.start(ready=False)
        given_up = []
        eventually(
            lambda: given_up.extend(dead(own_vhost)) or len(handled(open_work)) + len(given_up) == 1500, within=40
        )
        assert given_up == []
    finally:
        service.kill()


def dead(url):
    """The bodies of the dead letters that have come since one looked last."""
    with connect(url) as connection:
        channel = connection.channel()
        channel.auto_decode = False
        found = iter(lambda: channel.basic_get("dead.tally", no_ack=True), None)
        return [bytes(message.body) for message in found]
