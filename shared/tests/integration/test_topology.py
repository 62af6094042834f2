"""The topology of exchanges and queues on the broker."""

import amqp
import pytest
from tally.service import Tally

from shared import topology
from shared.delivery import Policy
from shared.link import connect
from shared.testing import eventually

POLICY = Policy(rungs=(0.3, 0.6))


@pytest.fixture
def channel(vhost):
    with connect(vhost) as connection:
        yield connection.channel()


def test_the_topology_can_be_declared_repeatedly(channel):
    for _ in range(2):
        topology.declare(channel, [Tally], POLICY)
    for queue in ("tally:catalog.reserve_stock.v1", "dead.tally", "retry.0.3s", "retry.0.6s", "events.stream"):
        channel.queue_declare(queue, passive=True)


def test_a_message_returns_from_a_rung_to_its_queue(channel):
    topology.declare(channel, [Tally], POLICY)
    home = "tally:catalog.stock_low.v1"
    channel.basic_publish_confirm(amqp.Message("held", delivery_mode=2), "retry.0.3s", home)
    assert channel.basic_get(home) is None
    assert eventually(lambda: channel.basic_get(home, no_ack=True)).body == "held"


def test_dead_lettering_is_at_least_once_and_full_queues_refuse_messages(channel):
    """RabbitMQ's default may lose messages when the broker dies. Declaring a queue again checks its arguments."""
    topology.declare(channel, [Tally], POLICY)
    for queue in [*topology.service_queues(Tally), *topology.rungs(POLICY)]:
        if queue.name != "dead.tally":
            safe = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}
            assert queue.arguments.items() >= safe.items()
        channel.queue_declare(queue.name, durable=True, auto_delete=False, arguments=queue.arguments)


def test_events_and_commands_reach_the_queues_of_their_handlers(channel):
    topology.declare(channel, [Tally], POLICY)
    channel.basic_publish_confirm(amqp.Message("event"), "events", "catalog.product_withdrawn.v1")
    channel.basic_publish_confirm(amqp.Message("command"), "commands", "catalog.release_stock.v1")
    for queue, body in (("catalog.product_withdrawn.v1", "event"), ("catalog.release_stock.v1", "command")):
        assert eventually(lambda q=queue: channel.basic_get(f"tally:{q}", no_ack=True)).body == body


def test_dl_10_a_message_that_keeps_killing_its_process_becomes_a_dead_letter(vhost):
    with connect(vhost) as connection:
        topology.declare(connection.channel(), [Tally], POLICY)
        connection.channel().basic_publish_confirm(
            amqp.Message("poison", delivery_mode=2), "", "tally:catalog.stock_low.v1"
        )

        def take_and_die():
            dying = connection.channel()
            taken = dying.basic_get("tally:catalog.stock_low.v1")
            dying.close()
            return taken

        def dead():
            take_and_die()
            return connection.channel(1).basic_get("dead.tally", no_ack=True)

        assert eventually(dead).body == "poison"


def test_queues_without_a_consumer_are_listed():
    names = [
        "tally:catalog.stock_low.v1",
        "tally:catalog.renamed.v1",
        "dead.tally",
        "rpc-tally",
        "retry.0.3s",
        "x",
    ]
    assert topology.unowned(names, [Tally], POLICY) == ["tally:catalog.renamed.v1", "x"]
