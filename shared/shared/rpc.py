"""The entrypoint of methods that answer RPC requests (`shared.answering`).

It implements nameko's RPC protocol, so that nameko's proxies can call it: exchange `nameko-rpc`, routing key
`<service>.<method>`, body `{"args": [request], "kwargs": {}}`; the answer goes to `reply_to` on the same exchange
as `{"result": …, "error": …}`. Requests and answers are transient and unconfirmed, with a deadline on both sides;
nameko's default, persistent and confirmed, is half as fast.
"""

import queue
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import amqp
from nameko.extensions import Entrypoint, SharedExtension

from shared import message_encoding, observe, settings
from shared import requests as contracts
from shared.broker import Broker
from shared.link import LOST, gathered, publish
from shared.pace import Pace
from shared.permissions import Role
from shared.rpc_messages import Request, RequestMalformed, read_request
from shared.rpc_replies import Replies

EXCHANGE = message_encoding.RPC
LONGEST_WAIT = 60_000  # milliseconds that a request may be in the queue: no client waits longer
BATCH = 50  # requests that are answered together
Waiting = queue.Queue[amqp.Message | None]


class RpcServer(SharedExtension):
    """Answers the requests to a service: some methods in batches, all others with a bounded number of workers."""

    broker = Broker()

    def __init__(self) -> None:
        super().__init__()
        self._methods: dict[str, Rpc] = {}
        self._alone: Waiting = queue.Queue()
        self._together: dict[str, Waiting] = {}
        self._channel: Any = None
        self._drained: threading.Event | None = None

    def setup(self) -> None:
        self._service = self.container.service_name
        self._workers = settings.whole("RPC_WORKERS", 10)
        self._replies = Replies(self._service, self._methods, self.broker.instance)
        self.broker.members.append(self)

    def offer(self, entrypoint: "Rpc") -> None:
        """Answer requests for this method."""
        self._methods[entrypoint.method_name] = entrypoint
        if entrypoint.answering:
            self._together[entrypoint.method_name] = queue.Queue()

    def start(self) -> None:
        spawn = self.container.spawn_managed_thread
        self._loops = [spawn(self._answer_alone) for _ in range(self._workers)]
        self._loops += [spawn(lambda w=waiting: self._answer_together(w)) for waiting in self._together.values()]

    def drain(self) -> None:
        """Take no more requests and wait for the running ones."""
        if self._drained:
            self._drained.wait()
            return
        self._drained = threading.Event()
        if self._channel:
            self._write(lambda: self._channel.send_method(amqp.spec.Basic.Cancel, "sb", (self._queue, False)))
        for waiting in [*[self._alone] * self._workers, *self._together.values()]:
            waiting.put(None)
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
        channel.basic_qos(0, self._workers + (2 * BATCH if self._together else 0), a_global=False)
        self._channel = channel
        if not self._drained:
            channel.basic_consume(self._queue, self._queue, nowait=True, callback=self._receive)

    def lost(self) -> None:
        self._channel = None

    def _receive(self, message: amqp.Message) -> None:
        method = message.delivery_info["routing_key"].removeprefix(f"{self._service}.")
        self._together.get(method, self._alone).put(message)

    # ---- the workers

    def _answer_alone(self) -> None:
        while (message := self._alone.get()) is not None:
            for mine, request in self._read([message]):
                self._write(lambda m=mine, r=request: self._send_all([(m, r)], [self._replies.alone(r)]))

    def _answer_together(self, waiting: Waiting) -> None:
        """Answer the requests for one method, as many as wait at a time."""
        pace = Pace()
        while (first := waiting.get()) is not None:
            time.sleep(pace.left)
            batch = list(self._read(_with_others(first, waiting)))
            with pace.batch(len(batch)):
                replies = self._replies.together([request for _, request in batch])
            self._write(lambda b=batch, r=replies: self._send_all(b, r))

    def _read(self, messages: Iterable[amqp.Message]) -> Iterator[tuple[amqp.Message, Request]]:
        """The requests to answer; those that cannot or need not be answered are acknowledged."""
        for message in messages:
            if self._drained or message.channel is not self._channel:
                continue  # not acknowledged: it is redelivered to another process
            try:
                request = read_request(message, self._service)
            except RequestMalformed as malformed:
                observe.log.warning("malformed request", error=str(malformed))
                self._drop(message, "malformed")
            else:
                if request.seconds_left > 0:
                    yield message, request
                else:
                    self._drop(message, "expired")

    def _drop(self, message: amqp.Message, reason: str) -> None:
        observe.rpc_dropped.labels(reason).inc()
        self._write(lambda: message.channel.basic_ack(message.delivery_tag))

    def _send_all(self, batch: list[tuple[amqp.Message, Request]], replies: list[str]) -> None:
        if batch:
            with gathered(batch[0][0].channel):
                for (message, request), reply in zip(batch, replies, strict=True):
                    self._send(message, request, reply)

    def _send(self, message: amqp.Message, request: Request, reply: str) -> None:
        self._write(lambda: publish(message.channel, request.answer(reply), EXCHANGE, request.reply_to))
        self._write(lambda: message.channel.basic_ack(message.delivery_tag))

    def _write(self, write: Any) -> None:
        try:
            write()
        except LOST as failure:
            observe.log.info("the answer could not be sent", error=repr(failure))


def _with_others(first: amqp.Message, waiting: Waiting) -> Iterator[amqp.Message]:
    """The first request and those that wait behind it, at most BATCH. The end of the queue stays in it."""
    yield first
    for _ in range(min(waiting.qsize(), BATCH - 1)):
        other = waiting.get()
        if other is None:
            waiting.put(None)
            return
        yield other


class Rpc(Entrypoint):
    """Answers a request: the method is called with `(caller, request)` and returns JSON or raises a Refusal."""

    server = RpcServer()

    def __init__(
        self,
        allow: Role | Iterable[Role] = Role.ANYONE,
        request: type[contracts.Request] | None = None,
        answering: Any = None,  # of a method that answers several requests together
    ) -> None:
        super().__init__()
        self.answering = answering
        self.allow = (allow,) if isinstance(allow, Role) else tuple(allow)
        self.request = request

    def setup(self) -> None:
        self.server.offer(self)

    def stop(self) -> None:
        self.server.drain()
