"""The entrypoint of methods that answer RPC requests (`shared.answering`).

It implements nameko's RPC protocol, so that nameko's proxies can call it: exchange `nameko-rpc`, routing key
`<service>.<method>`, body `{"args": [request], "kwargs": {}}`; the answer goes to `reply_to` on the same exchange
as `{"result": …, "error": …}`. Requests and answers are transient and unconfirmed, with a deadline on both sides;
nameko's default, persistent and confirmed, is half as fast.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import amqp
import eventlet
from nameko.extensions import Entrypoint, SharedExtension
from sqlalchemy.exc import DBAPIError

from shared import auth, db_failures, message_encoding, observe, settings, spans
from shared import requests as contracts
from shared.auth import Caller
from shared.broker import Broker
from shared.errors import Refusal, Unavailable
from shared.link import LOST, publish
from shared.permissions import Role
from shared.rpc_messages import Request, RequestMalformed, error, read_request
from shared.spans import Span
from shared.trace import Trace, following

Method = Callable[..., Any]
EXCHANGE = message_encoding.RPC
LONGEST_WAIT = 60_000  # milliseconds that a request may be in the queue: no client waits longer


class DeadlinePassed(Unavailable):
    """The answer would have come too late."""

    code = "deadline_passed"


class RpcServer(SharedExtension):
    """Answers the requests to a service with a bounded number of workers."""

    broker = Broker()

    def __init__(self) -> None:
        super().__init__()
        self._methods: dict[str, Rpc] = {}
        self._requests: queue.Queue[amqp.Message | None] = queue.Queue()
        self._channel: Any = None
        self._drained: threading.Event | None = None

    def setup(self) -> None:
        self._service = self.container.service_name
        self._workers = settings.whole("RPC_WORKERS", 10)
        self.broker.members.append(self)

    def offer(self, entrypoint: "Rpc") -> None:
        """Answer requests for this method."""
        self._methods[entrypoint.method_name] = entrypoint

    def start(self) -> None:
        self._loops = [self.container.spawn_managed_thread(self._work) for _ in range(self._workers)]

    def drain(self) -> None:
        """Take no more requests and wait for the running ones."""
        if self._drained:
            self._drained.wait()
            return
        self._drained = threading.Event()
        if self._channel:
            self._write(lambda: self._channel.send_method(amqp.spec.Basic.Cancel, "sb", (self._queue, False)))
        for _ in self._loops:
            self._requests.put(None)
        for loop in self._loops:
            loop.wait()
        self._drained.set()

    # ---- as a member of the link

    @property
    def _queue(self) -> str:
        return f"rpc-{self._service}"

    def opened(self, channel: Any) -> None:
        channel.auto_decode = False
        channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)
        channel.queue_declare(
            self._queue, durable=True, auto_delete=False, arguments={"x-message-ttl": LONGEST_WAIT}
        )
        channel.queue_bind(self._queue, EXCHANGE, f"{self._service}.*")
        channel.basic_qos(0, self._workers, a_global=False)
        self._channel = channel
        if not self._drained:
            channel.basic_consume(self._queue, self._queue, nowait=True, callback=self._requests.put)

    def lost(self) -> None:
        self._channel = None

    # ---- a worker

    def _work(self) -> None:
        while (message := self._requests.get()) is not None:
            if self._drained or message.channel is not self._channel:
                continue  # not acknowledged: it is redelivered to another process
            self._answer(message)
            self._write(lambda m=message: m.channel.basic_ack(m.delivery_tag))

    def _answer(self, message: amqp.Message) -> None:
        """Answer one request. No exception escapes: a request must not end the service."""
        try:
            request = read_request(message, self._service)
        except RequestMalformed as malformed:
            observe.rpc_dropped.labels("malformed").inc()
            observe.log.warning("malformed request", error=str(malformed))
            return
        if request.seconds_left <= 0:
            observe.rpc_dropped.labels("expired").inc()
            return
        started = time.monotonic()
        with following(Trace(request.correlation_id, request.traceparent)):
            reply, outcome = self._reply(request)
        name = request.method if request.method in self._methods else "unknown"
        observe.rpc_seconds.labels(name, outcome).observe(time.monotonic() - started)
        self._write(lambda: publish(message.channel, request.answer(reply), EXCHANGE, request.reply_to))

    def _reply(self, request: Request) -> tuple[str, str]:
        try:
            with eventlet.Timeout(request.seconds_left, DeadlinePassed()), self._span(request):
                result = self._call(request)
            return message_encoding.text({"result": result, "error": None}), "answered"
        except Refusal as refusal:
            return error(refusal), refusal.kind.value
        except Exception as failure:  # noqa: BLE001 - logged, and not disclosed to the caller
            if request.seconds_left <= 0:  # the database driver wraps the timeout's exception
                return error(DeadlinePassed()), "deadline_passed"
            if db_failures.is_outage(failure):
                observe.log.warning("database failed a request", method=request.method, error=repr(failure))
                return error(Unavailable()), "unavailable"
            observe.log.error("request failed", method=request.method, exc_info=failure)
            return error(failure), "internal"

    def _span(self, request: Request) -> Span:
        name = f"{self._service}.{request.method if request.method in self._methods else 'unknown'}"
        return spans.span(name, kind="server", attributes={"rpc.system.name": "nameko", "rpc.method": name})

    def _call(self, request: Request) -> Any:
        entrypoint = self._methods.get(request.method)
        if entrypoint is None:
            raise RequestMalformed(f"{self._service}.{request.method} does not exist")
        caller = auth.verify(request.token)
        caller.require(*entrypoint.allow)
        return self._settled(getattr(self.broker.instance(), request.method), caller, request)

    def _settled(self, method: Any, caller: Caller, request: Request) -> Any:
        """The method's answer. After a lost conflict it was rolled back and runs again, until its deadline."""
        for pause in db_failures.pauses():
            try:
                return method(caller, request.argument)
            except DBAPIError as failure:
                if not db_failures.is_conflict(failure):
                    raise
                observe.conflicts.labels(request.method).inc()
                time.sleep(pause)
        return None

    def _write(self, write: Any) -> None:
        try:
            write()
        except LOST as failure:
            observe.log.info("the answer could not be sent", error=repr(failure))


class Rpc(Entrypoint):
    """Answers a request: the method is called with `(caller, request)` and returns JSON or raises a Refusal."""

    server = RpcServer()

    def __init__(
        self, allow: Role | Iterable[Role] = Role.ANYONE, request: type[contracts.Request] | None = None
    ) -> None:
        super().__init__()
        self.allow = (allow,) if isinstance(allow, Role) else tuple(allow)
        self.request = request

    def setup(self) -> None:
        self.server.offer(self)

    def stop(self) -> None:
        self.server.drain()
