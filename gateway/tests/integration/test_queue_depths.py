"""The gateway reads the depths of all queues with its own broker user, which may do nothing else with them."""

import asyncio

import aio_pika
import amqp

from gateway.queue_depths import Depth, QueueDepths
from shared import topology
from shared.link import connect
from shared.message_encoding import dead_letter_queue


async def depths_of(url, queues, times=1):
    depths = QueueDepths()
    connection = await aio_pika.connect(url)
    await depths.opened(connection, None)
    found = [await depths.read(queues) for _ in range(times)]
    await connection.close()
    depths.lost()
    return [*found, await depths.read(queues)]


def test_messages_that_wait_are_counted_and_a_missing_queue_hides_no_other(gateway_amqp_url, amqp_vhost):
    queue = dead_letter_queue("orders")
    with connect(amqp_vhost) as connection:
        channel = connection.channel()
        topology.declare(channel, [topology.service_class("orders")])
        channel.queue_purge(queue)
        for _ in range(3):
            channel.basic_publish_confirm(amqp.Message(b"{}"), "", queue)
    found, again, without_broker = asyncio.run(depths_of(gateway_amqp_url, ["no.queue", queue], times=2))
    assert found == again == {queue: Depth(ready=3, consumers=0)}
    assert without_broker == {}
    with connect(amqp_vhost) as connection:
        connection.channel().queue_purge(queue)
