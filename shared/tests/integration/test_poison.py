"""A message that keeps killing its process becomes a dead letter, without the messages around it."""

import secrets
import signal

import pytest
from sqlalchemy import text
from tally.service import DEADLY

from shared import message_encoding, topology
from shared.contracts import catalog
from shared.ids import new_id
from shared.link import connect
from shared.testing import envelope, eventually
from shared.testing.lengths import lasting
from shared.testing.processes import service_and_relay
from shared.testing.publishing import publish

LIMIT = lasting(1, long=topology.DELIVERY_LIMIT)
POISONS = 3


@pytest.fixture
def own_vhost(servers):
    """A vhost for this test, whose queues have another delivery limit."""
    name = f"test_{secrets.token_hex(4)}"
    yield servers.create_vhost(name)
    servers.delete_vhost(name)


def low(available):
    return envelope(catalog.StockLow(sku_id=new_id(), product_id=new_id(), shop_id=new_id(), available=available))


def handled(open_work):
    with open_work.engine.connect() as connection:
        return sorted(connection.execute(text("SELECT message_id FROM inbox")).scalars())


def test_dl_10_poison_messages_become_dead_letters_and_all_others_are_handled(
    own_vhost, database_url, keys, open_work
):
    poisons, others = [low(DEADLY) for _ in range(POISONS)], [low(7) for _ in range(100)]
    mixed = list(others)
    for place, poison in enumerate(poisons, start=1):
        mixed.insert(25 * place, poison)
    service, _ = service_and_relay("tally", database_url, own_vhost, **keys)
    service = service.through("dying", CHANGED=f"shared.topology:DELIVERY_LIMIT={LIMIT}").start()
    with connect(own_vhost) as connection:
        publish(connection.channel(), *mixed)
    deaths = []

    def are_dead():
        if service.has_ended():
            assert service.ended() == -signal.SIGKILL
            deaths.append(service.start(ready=False))
        return len(dead(open_work)) >= POISONS

    try:
        eventually(are_dead, within=lasting(240, long=1800), every=0.1)
        eventually(lambda: handled(open_work) == sorted(one.message_id for one in others), within=60)
        eventually(service.is_ready, within=60)
    finally:
        service.kill()
    assert POISONS * LIMIT <= len(deaths) <= POISONS * (LIMIT + 1)
    assert sorted(dead(open_work)) == sorted(message_encoding.body(poison) for poison in poisons)


@pytest.mark.parametrize("rhythm", [{}, {"PAUSES_AT": "amqp.channel:Channel.send_method"}], ids=["quick", "slow"])
def test_dl_10_each_handled_message_was_delivered_once_under_load(
    own_vhost, database_url, keys, open_work, rhythm
):
    """With a delivery limit of 0, every message that the consumer requeues would become a dead letter.

    Also when messages arrive right after the consumer has subscribed ("slow").
    """
    others = [low(7) for _ in range(1500)]
    service, _ = service_and_relay("tally", database_url, own_vhost, **keys)
    service = service.through("dying", CHANGED="shared.topology:DELIVERY_LIMIT=0", **rhythm).start()
    assert service.stop() == 0
    with connect(own_vhost) as connection:
        publish(connection.channel(), *others)
    try:
        service.start(ready=False)
        eventually(lambda: len(handled(open_work)) + len(dead(open_work)) == len(others), within=120)
        assert dead(open_work) == []
    finally:
        service.kill()


def dead(open_work):
    """The bodies of the dead letters."""
    with open_work.engine.connect() as connection:
        return [bytes(body) for body in connection.execute(text("SELECT body FROM dead_letter")).scalars()]
