"""An attacker who controls the gateway has its broker user: what that user can do, and what not."""

from uuid import uuid4

import amqp
import pika
import pytest
from pika.exceptions import ChannelClosedByBroker

from gateway.changes import TOPICS
from shared import topology
from shared.handlers import handlers
from shared.link import connect
from shared.testing import eventually

REFUSED = 403  # ACCESS_REFUSED


@pytest.fixture
def vhost(amqp_vhost):
    """A vhost with all queues and exchanges of a deploy of orders."""
    with connect(amqp_vhost) as connection:
        topology.declare(connection.channel(), [topology.service_class("orders")])
    return amqp_vhost


@pytest.fixture(params=["gateway", "auditor"])
def channel(request, servers, vhost):
    url = servers.caller_urls(vhost)[request.param]
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        yield connection.channel()


def orders_queue():
    return topology.queue_name("orders", next(iter(handlers(topology.service_class("orders")))))


def publish(exchange, key):
    def attempt(channel):
        channel.confirm_delivery()  # a refusal closes the channel before the confirm
        channel.basic_publish(exchange, key, b"{}")

    return attempt


def bind_own_queue(channel, exchange, key):
    queue = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(queue, exchange, key)


ATTEMPTS = {
    "publish a command": publish("commands", "payments.refund_payment.v1"),
    "publish an event": publish("events", "payments.payment_captured.v1"),
    "publish to a queue": publish("", "dead.orders"),
    "consume from a service": lambda channel: channel.basic_consume(orders_queue(), lambda *_: None),
    "empty a queue": lambda channel: channel.queue_purge(orders_queue()),
    "delete a queue": lambda channel: channel.queue_delete(orders_queue()),
    "bind a service's queue": lambda channel: channel.queue_bind(orders_queue(), "nameko-rpc", "users.#"),
    "receive calls": lambda channel: bind_own_queue(channel, "nameko-rpc", "users.sign_in"),
    "receive all calls": lambda channel: bind_own_queue(channel, "nameko-rpc", "#"),
    "answer in a service's place": publish("nameko-rpc", "0" * 32),
    "receive all events": lambda channel: bind_own_queue(channel, "events", "#"),
    "declare an exchange": lambda channel: channel.exchange_declare("mine", "topic"),
    "delete an exchange": lambda channel: channel.exchange_delete("commands"),
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_the_gateways_user_is_refused_everything_but_calls(channel, attempt):
    with pytest.raises(ChannelClosedByBroker) as refused:
        attempt(channel)
    assert refused.value.reply_code == REFUSED


def test_a_call_is_sent_and_its_answer_is_received(channel, vhost):
    reply_to = uuid4().hex
    queue = channel.queue_declare(f"rpc.reply-test-{reply_to}", exclusive=True, auto_delete=True).method.queue
    channel.queue_bind(queue, "nameko-rpc", reply_to)
    channel.confirm_delivery()
    channel.basic_publish("nameko-rpc", "users.list_shops", b"call")
    with connect(vhost) as connection:
        connection.channel().basic_publish_confirm(amqp.Message("answer"), "nameko-rpc", reply_to)
    assert eventually(lambda: channel.basic_get(queue, auto_ack=True)[2]) == b"answer"


def test_the_gateway_may_receive_the_events_that_wake_its_streams(servers, vhost):
    url = servers.caller_urls(vhost)["gateway"]
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        for topic in TOPICS:
            bind_own_queue(connection.channel(), "events", topic)
