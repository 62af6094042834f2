"""RPC calls to the services: a client of nameko's RPC protocol on asyncio.

A request is published to exchange `nameko-rpc` with routing key `<service>.<method>` and body
`{"args": [request], "kwargs": {}}`; the reply is sent to this process's own queue, bound to the same exchange
by its name (`reply_to`), as `{"result": …, "error": …}`. Nothing is durable, and no publisher confirms are needed:
the deadline of a lost request passes, and the client retries. `presence` knows which services are unavailable.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import uuid4

from aio_pika.abc import AbstractChannel, AbstractConnection
from aiormq import Channel
from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic
from prometheus_client import Histogram

from gateway.broker import LOST
from gateway.presence import Presence
from shared import message_encoding, observe, spans, trace
from shared.answers import NoAnswer, ServiceUnavailable, result
from shared.errors import Refusal, Unavailable

EXCHANGE = message_encoding.RPC
MOST_PENDING = 1000  # pending calls to one service: more would only wait for their deadline
TRANSIENT = 1  # delivery mode
encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
call_seconds = Histogram(
    "jishi_gateway_rpc_seconds", "Duration of calls to services", ["method", "outcome"], buckets=observe.QUICK
)


class ServiceOverloaded(Unavailable):
    """Too many requests wait for this service; retry later."""

    code = "service_overloaded"


class RpcClient:
    """Makes calls over one channel, with one exclusive queue for the replies.

    Calls and replies use the channel below aio_pika's, which makes an object and another task of each message.
    """

    def __init__(self, presence: Presence | None = None) -> None:
        self._presence = presence
        self._pending: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._pending_of: Counter[str] = Counter()
        self._channel: Channel | None = None
        self._reply_to = uuid4().hex

    async def call(self, method: str, request: dict[str, Any], *, token: str | None, within: float) -> Any:
        """The result of `service.method`, within this many seconds.

        Raises Refused, ServiceUnavailable, NoAnswer, ServiceOverloaded; ServiceFailed for an error of the service.
        """
        began, outcome = time.monotonic(), "failed"
        try:
            with spans.span(method, kind="client", attributes={"rpc.system.name": "nameko", "rpc.method": method}):
                answer = await self._call(method, request, token, within)
            outcome = "answered"
        except Refusal as refusal:
            outcome = refusal.kind.value
            raise
        finally:
            call_seconds.labels(method, outcome).observe(time.monotonic() - began)
        return answer

    async def opened(self, connection: AbstractConnection) -> AbstractChannel:
        """Declare the reply queue under a new name: replies to an earlier one are dropped."""
        channel = await connection.channel(publisher_confirms=False)
        self._channel = await self._consume(channel)
        return channel

    def lost(self) -> None:
        """Fail the pending calls: their replies cannot arrive."""
        self._channel = None
        for waiting in self._pending.values():
            _fail(waiting, ServiceUnavailable())

    async def _call(self, method: str, request: dict[str, Any], token: str | None, within: float) -> Any:
        service = method.partition(".")[0]
        if self._channel is None or (self._presence and self._presence.is_unavailable(service)):
            raise ServiceUnavailable
        if self._pending_of[service] >= MOST_PENDING:
            raise ServiceOverloaded
        call_id, waiting = uuid4().hex, asyncio.get_running_loop().create_future()
        self._pending[call_id] = waiting
        self._pending_of[service] += 1
        try:
            body = encoded({"args": [request], "kwargs": {}}).encode()
            sent = partial(
                self._channel.basic_publish,
                body,
                exchange=EXCHANGE,
                routing_key=method,
                properties=self._properties(call_id, token, within),
                wait=False,
            )
            answer = await _answer(sent, waiting, within)
        finally:
            self._pending_of[service] -= 1
            self._pending.pop(call_id, None)
        if self._presence:
            self._presence.answered(service)
        return result(answer)

    def _properties(self, call_id: str, token: str | None, within: float) -> Basic.Properties:
        known = trace.current() or trace.Trace()
        headers: dict[str, Any] = {
            "correlation_id": str(known.correlation_id),
            "traceparent": spans.onward(known) or trace.child_of(known),
            "deadline": f"{time.time() + within:.3f}",  # as text: a float travels in 32 bits, 128 s apart
        }
        if token:
            headers["authorization"] = f"Bearer {token}"
        return Basic.Properties(
            headers=headers,
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=TRANSIENT,
            correlation_id=call_id,
            message_id=call_id,
            reply_to=self._reply_to,
            expiration=str(int(within * 1000)),
        )

    async def _consume(self, channel: AbstractChannel) -> Channel:
        self._reply_to = uuid4().hex
        exchange = await channel.declare_exchange(EXCHANGE, passive=True)  # the gateway's user may not declare it
        queue = await channel.declare_queue(
            f"rpc.reply-gateway-{self._reply_to}", exclusive=True, auto_delete=True
        )
        await queue.bind(exchange, self._reply_to)
        inner = await channel.get_underlay_channel()
        await inner.basic_consume(queue.name, self._answered, no_ack=True)
        assert isinstance(inner, Channel)  # whose `wait` its base class does not declare
        return inner

    async def _answered(self, message: DeliveredMessage) -> None:
        waiting = self._pending.get(message.header.properties.correlation_id or "")
        if waiting and not waiting.done():
            waiting.set_result(json.loads(message.body))


async def _answer(send: Callable[[], Awaitable[Any]], waiting: asyncio.Future[Any], within: float) -> Any:
    try:
        async with asyncio.timeout(within):
            await send()
            return await waiting
    except TimeoutError:
        raise NoAnswer from None
    except LOST as failure:
        raise ServiceUnavailable from failure
    except asyncio.CancelledError:  # raised by aiormq for a connection that we closed
        if (task := asyncio.current_task()) and task.cancelling():
            raise
        raise ServiceUnavailable from None


def _fail(waiting: asyncio.Future[Any] | None, failure: Exception) -> None:
    if waiting and not waiting.done():
        waiting.set_exception(failure)
