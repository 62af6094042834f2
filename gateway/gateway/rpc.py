"""RPC calls to the services: a client of nameko's RPC protocol on asyncio.

A request is published to exchange `nameko-rpc` with routing key `<service>.<method>` and body
`{"args": [request], "kwargs": {}}`; the reply is sent to this process's own queue, bound to the same exchange
by its name (`reply_to`), as `{"result": …, "error": …}`. Nothing is durable, and no publisher confirms are needed:
the deadline of a lost request passes, and the client retries. `presence` knows which services are unavailable.
"""

import asyncio
import time
from collections import Counter
from typing import Any
from uuid import uuid4

from aio_pika.abc import AbstractChannel, AbstractConnection
from prometheus_client import Histogram

from gateway.broker import LOST
from gateway.presence import Presence
from gateway.wire import Requests, Wire, passed_over
from shared import message_encoding, observe, spans, trace
from shared.answers import NoAnswer, ServiceUnavailable, result
from shared.errors import Refusal, Unavailable

EXCHANGE = message_encoding.RPC
MOST_PENDING = 1000  # pending calls to one service: more would only wait for their deadline
call_seconds = Histogram(
    "jishi_gateway_rpc_seconds", "Duration of calls to services", ["method", "outcome"], buckets=observe.QUICK
)


class ServiceOverloaded(Unavailable):
    """Too many requests wait for this service; retry later."""

    code = "service_overloaded"


class RpcClient:
    """Makes calls over one channel, with one exclusive queue for the replies."""

    def __init__(self, presence: Presence | None = None) -> None:
        self._presence = presence
        self._pending: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._pending_of: Counter[str] = Counter()
        self._requests: Requests | None = None

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

    async def opened(self, connection: AbstractConnection, wire: Wire) -> AbstractChannel:
        """Declare the reply queue under a new name: replies to an earlier one are dropped."""
        channel = await connection.channel(publisher_confirms=False)
        self._requests = await self._consume(channel, wire)
        return channel

    def lost(self) -> None:
        """Fail the pending calls: their replies cannot arrive."""
        self._requests = None
        for waiting in self._pending.values():
            _fail(waiting, ServiceUnavailable())

    async def _call(self, method: str, request: dict[str, Any], token: str | None, within: float) -> Any:
        service = method.partition(".")[0]
        if self._requests is None or (self._presence and self._presence.is_unavailable(service)):
            raise ServiceUnavailable
        if self._pending_of[service] >= MOST_PENDING:
            raise ServiceOverloaded
        call_id, waiting = uuid4().hex, asyncio.get_running_loop().create_future()
        self._pending[call_id] = waiting
        self._pending_of[service] += 1
        try:
            async with asyncio.timeout(within):
                self._send(method, request, call_id, token, within)
                answer = await waiting
        except TimeoutError:
            raise NoAnswer from None
        finally:
            self._pending_of[service] -= 1
            self._pending.pop(call_id, None)
        if self._presence:
            self._presence.answered(service)
        return result(answer)

    def _send(self, method: str, request: dict[str, Any], call_id: str, token: str | None, within: float) -> None:
        assert self._requests
        known = trace.current() or trace.Trace()
        headers = {
            "correlation_id": str(known.correlation_id),
            "traceparent": spans.onward(known) or trace.child_of(known),
            "deadline": f"{time.time() + within:.3f}",  # as text: a float travels in 32 bits, 128 s apart
        }
        if token:
            headers["authorization"] = f"Bearer {token}"
        body = message_encoding.encode({"args": [request], "kwargs": {}})
        try:
            self._requests.send(method, call_id, headers, within, body)
        except LOST as failure:
            raise ServiceUnavailable from failure

    async def _consume(self, channel: AbstractChannel, wire: Wire) -> Requests:
        reply_to = uuid4().hex
        exchange = await channel.declare_exchange(EXCHANGE, passive=True)  # the gateway's user may not declare it
        queue = await channel.declare_queue(f"rpc.reply-gateway-{reply_to}", exclusive=True, auto_delete=True)
        await queue.bind(exchange, reply_to)
        inner = await channel.get_underlay_channel()
        wire.consume(inner.number, self._answered)
        await queue.consume(passed_over, no_ack=True)
        return Requests(wire, inner, EXCHANGE, reply_to)

    def _answered(self, _routing_key: str, call_id: str, body: bytes) -> None:
        waiting = self._pending.get(call_id)
        if waiting and not waiting.done():
            waiting.set_result(message_encoding.decode(body))


def _fail(waiting: asyncio.Future[Any] | None, failure: Exception) -> None:
    if waiting and not waiting.done():
        waiting.set_exception(failure)
