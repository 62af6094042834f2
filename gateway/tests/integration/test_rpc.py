"""The RPC client on a connection that can be cut."""

import asyncio
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import aio_pika
import pytest
from yarl import URL

from gateway.broker import Link
from gateway.rpc import RpcClient, ServiceOverloaded
from gateway.tests.doubles import SHOPPER
from gateway.wire import Wire
from shared.answers import NoAnswer, ServiceUnavailable
from shared.auth import sign


class Proxy:
    """Forwards TCP to the broker; its connections can be cut."""

    def __init__(self, url):
        self._broker, self._writers = urlsplit(url), set()

    async def open(self):
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        credentials = self._broker.netloc.rpartition("@")[0]
        return self._broker._replace(netloc=f"{credentials}@127.0.0.1:{port}").geturl()

    def cut(self):
        for writer in self._writers:
            writer.transport.abort()

    def close(self):
        self._server.close()

    async def _forward(self, reader, writer):
        with suppress(OSError):
            there = await asyncio.open_connection(self._broker.hostname, self._broker.port)
            self._writers |= {writer, there[1]}
            await asyncio.gather(self._copy(reader, there[1]), self._copy(there[0], writer))

    async def _copy(self, reader, writer):
        with suppress(OSError):
            while part := await reader.read(65536):
                writer.write(part)
        writer.transport.abort()


@asynccontextmanager
async def connected(url):
    rpc = RpcClient()
    link = Link(url, rpc)
    running = asyncio.create_task(link.run())
    await until(lambda: link.is_open)
    try:
        yield rpc, link
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def until(condition):
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - waits for the network
            await asyncio.sleep(0.01)


def call(rpc, method, within, **request):
    return rpc.call(method, request, token=sign(SHOPPER), within=within)


def test_a_call_to_a_slow_service_passes_the_deadline(start_orders, amqp_vhost):
    start_orders()

    async def check():
        async with connected(amqp_vhost) as (rpc, _):
            with pytest.raises(NoAnswer):
                await call(rpc, "orders.list_orders", 0.3)
            assert rpc._pending == {}

    asyncio.run(check())


def test_a_cut_connection_fails_pending_calls_at_once_and_is_reopened(start_orders, amqp_vhost):
    start_orders()

    async def check():
        road = Proxy(amqp_vhost)
        async with connected(await road.open()) as (rpc, link):
            waiting = asyncio.create_task(call(rpc, "orders.list_orders", 30))
            await until(lambda: rpc._pending)
            road.cut()
            with pytest.raises(ServiceUnavailable):
                await asyncio.wait_for(waiting, 60)
            await until(lambda: link.is_open)
            assert (await call(rpc, "orders.get_order", 30, order_id="1"))["state"] == "placed"
            road.close()

    asyncio.run(check())


def test_calls_to_a_service_that_does_not_answer_do_not_block_those_to_others(
    start_orders, amqp_vhost, monkeypatch
):
    monkeypatch.setattr("gateway.rpc.MOST_PENDING", 3)
    start_orders()

    async def check():
        async with connected(amqp_vhost) as (rpc, _):
            waiting = [asyncio.create_task(call(rpc, "catalog.get_product", 1)) for _ in range(3)]
            await until(lambda: len(rpc._pending) == 3)
            with pytest.raises(ServiceOverloaded):
                await call(rpc, "catalog.get_product", 1)
            assert (await call(rpc, "orders.get_order", 30, order_id="1"))["state"] == "placed"
            outcomes = await asyncio.gather(*waiting, return_exceptions=True)
            assert [type(outcome) for outcome in outcomes] == [NoAnswer] * 3
            assert rpc._pending_of.total() == 0

    asyncio.run(check())


def test_a_call_on_a_connection_that_is_being_closed_fails_at_once(amqp_vhost):
    async def check():
        wire = Wire()
        connection = aio_pika.Connection(URL(amqp_vhost))
        connection.kwargs["transport_factory"] = wire
        await connection.connect()
        rpc = RpcClient()
        await rpc.opened(connection, wire)
        await connection.close()
        with pytest.raises(ServiceUnavailable):
            await call(rpc, "orders.get_order", 30)
        assert rpc._pending == {}

    asyncio.run(check())


def test_a_request_and_an_answer_of_many_frames_arrive_whole(start_orders, amqp_vhost):
    start_orders()
    order_id = "长" * 200_000

    async def check():
        async with connected(amqp_vhost) as (rpc, _):
            assert (await call(rpc, "orders.get_order", 30, order_id=order_id))["order_id"] == order_id

    asyncio.run(check())


def test_hundreds_of_calls_at_once_get_their_own_answers(start_orders, amqp_vhost):
    start_orders()

    async def check():
        async with connected(amqp_vhost) as (rpc, _):
            answers = await asyncio.gather(
                *(call(rpc, "orders.get_order", 20, order_id=str(n)) for n in range(300))
            )
        assert [answer["order_id"] for answer in answers] == [str(n) for n in range(300)]

    asyncio.run(check())
