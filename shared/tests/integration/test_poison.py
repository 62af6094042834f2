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
        return dead(open_work)

    try:
        eventually(is_stopped, within=lasting(150, long=600), every=0.1)
        eventually(lambda: handled(open_work) == sorted(one.message_id for one in innocents), within=60)
        eventually(service.is_ready, within=20)
    finally:
        service.kill()
    assert LIMIT <= len(deaths) <= LIMIT + 1
    assert dead(open_work) == [wire.body(poison)]


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
        eventually(lambda: len(handled(open_work)) + len(dead(open_work)) == len(innocents), within=120)
        assert dead(open_work) == []
    finally:
        service.kill()


def dead(open_work):
    """The bodies of the dead letters."""
    with open_work.engine.connect() as connection:
        return [bytes(body) for body in connection.execute(text("SELECT body FROM dead_letter")).scalars()]
