"""A queue's consumer: it handles the waiting messages as one batch and acknowledges them together.

It starts with a prefetch window of one message, and widens it after the first message that was not redelivered and
was handled. A redelivered message may have killed its process (a poison message), so it is handled alone.
With `linger`, the first message of a batch waits so many seconds for others, unless the batch is full before.
"""

import itertools
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import amqp

from shared import observe
from shared.batches import DatabaseDown
from shared.delivery import DEAD_QUEUE, Dead, Delivery, Done, Later, Outcome
from shared.forwarding import Mover, NotForwarded
from shared.link import LOST
from shared.message_encoding import dead_letter_queue, rung_name

BATCH = 200
WINDOW = 2 * BATCH  # the next batch arrives while this one is handled


class Runner(Protocol):
    """Handles the messages of a queue: `shared.batches`, or the store of dead letters."""

    def run(self, deliveries: Sequence[Delivery]) -> list[Outcome]:
        """The outcome of each delivery. Raises DatabaseDown, after which all may be run again."""


class Consumer:
    """The consumer of one queue: `run` is executed in a thread of its own; a member of the link."""

    def __init__(
        self,
        service: str,
        queue: str,
        runner: Runner,
        mover: Mover,
        *,
        probe: Callable[[], None] = lambda: None,
        batch: int = BATCH,
        linger: float = 0.0,
    ) -> None:
        self.service, self.queue = service, queue
        self._runner, self._mover, self._probe = runner, mover, probe
        self._batch, self._linger = batch, linger
        self._arrived = threading.Condition()
        self._waiting: deque[tuple[Any, amqp.Message]] = deque()
        self._tags: list[str] = []
        self._numbers = itertools.count()
        self._stopping = threading.Event()
        self._channel: Any = None
        self.window = 0
        self.handled = 0  # messages, since the start
        self._in_hand = 0

    @property
    def unacknowledged(self) -> int:
        """The number of messages that this process has received and not acknowledged."""
        return len(self._waiting) + self._in_hand

    # ---- as a member of the link

    def opened(self, channel: Any) -> None:
        channel.auto_decode = False  # bodies are bytes, whatever their headers declare
        self._tags, self.window = [], 0
        self._channel = channel
        self._widen(channel, 1)

    def lost(self) -> None:
        with self._arrived:
            self._channel = None
            self._waiting.clear()

    # ---- the loop

    def run(self) -> None:
        """Handle batches until stop()."""
        while taken := self._take():
            channel, self._in_hand = taken[0][0], len(taken)
            deliveries = [_delivery(message) for _, message in taken]
            outcomes = self._handled(deliveries)
            if outcomes is None:
                return
            if self._settle(channel, [message for _, message in taken], outcomes):
                self.handled += len(taken)
                self._trust(channel, deliveries, outcomes)
            self._in_hand = 0

    def stop(self) -> None:
        """Take no more; run() returns when the current batch is acknowledged. The rest is requeued."""
        self._stopping.set()
        channel = self._channel
        if channel:
            self._write(lambda: self._cancel(channel))
        with self._arrived:
            self._arrived.notify_all()

    def _take(self) -> list[tuple[Any, amqp.Message]]:
        with self._arrived:
            self._await_batch()
            while not self._waiting and not self._stopping.is_set():  # the channel was lost meanwhile
                self._await_batch()
            if self._stopping.is_set():
                return []
            taken = [self._waiting.popleft()]
            while self._waiting and len(taken) < self._batch and not _redelivered(taken[0], self._waiting[0]):
                taken.append(self._waiting.popleft())
            return taken

    def _await_batch(self) -> None:
        self._arrived.wait_for(lambda: self._waiting or self._stopping.is_set())
        if self._linger:
            self._arrived.wait_for(self._is_batch, self._linger)

    def _is_batch(self) -> bool:
        """Whether more messages need not be waited for."""
        ends = self._stopping.is_set() or not self._waiting or len(self._waiting) >= self._batch
        return ends or _redelivered(self._waiting[0], self._waiting[0])

    def _handled(self, deliveries: list[Delivery]) -> list[Outcome] | None:
        pause = 0.1
        while True:
            try:
                return self._runner.run(deliveries)
            except DatabaseDown as outage:
                observe.log.warning(
                    "database down, holding messages", queue=self.queue, error=repr(outage.__cause__)
                )
            answers = False  # wait at least once, so that a repeated failure is no busy loop
            while not answers:
                if self._stopping.wait(pause):
                    return None
                pause = min(pause * 2, 5.0)
                answers = self._database_answers()

    def _database_answers(self) -> bool:
        try:
            self._probe()
        except Exception:  # noqa: BLE001 - any failure means that the database is unreachable
            return False
        return True

    # ---- outcomes

    def _settle(self, channel: Any, messages: list[amqp.Message], outcomes: list[Outcome]) -> bool:
        """Forward the failed messages, then acknowledge all at once; False if the channel is lost."""
        for message, outcome in zip(messages, outcomes, strict=True):
            if not isinstance(outcome, Done) and not self._moved(channel, message, outcome):
                return False
        return self._write(lambda: channel.basic_ack(messages[-1].delivery_tag, multiple=True))

    def _moved(self, channel: Any, message: amqp.Message, outcome: Later | Dead) -> bool:
        pause = 0.1
        while self._channel is channel:
            try:
                self._mover.move(self._copy(message, outcome), *self._target(outcome))
            except NotForwarded as failure:
                observe.log.warning("could not move a message", queue=self.queue, error=str(failure))
                if self._stopping.wait(pause):
                    return False
                pause = min(pause * 2, 5.0)
            else:
                return True
        return False

    def _target(self, outcome: Later | Dead) -> tuple[str, str]:
        if isinstance(outcome, Later):
            return rung_name(outcome.rung), self.queue
        return "", dead_letter_queue(self.service)

    def _copy(self, message: amqp.Message, outcome: Later | Dead) -> amqp.Message:
        properties = {
            k: v for k, v in message.properties.items() if k not in {"application_headers", "expiration"}
        }
        headers = dict(outcome.headers)
        if isinstance(outcome, Later):
            properties["expiration"] = str(int(outcome.delay * 1000))
        else:
            headers[DEAD_QUEUE] = self.queue
        properties["delivery_mode"] = 2
        return amqp.Message(message.body, application_headers=headers, **properties)

    # ---- the window

    def _trust(self, channel: Any, deliveries: list[Delivery], outcomes: list[Outcome]) -> None:
        """Widen the window after a batch without redelivered messages; those are delivered first."""
        all_first = not any(delivery.redelivered for delivery in deliveries)
        if all_first and all(isinstance(outcome, Done) for outcome in outcomes):
            self._widen(channel, WINDOW)

    def _widen(self, channel: Any, window: int) -> None:
        """Add a second consumer: cancelling the first would requeue its messages, which counts as a delivery."""
        if self._channel is channel and self.window < window and not self._stopping.is_set():
            more, self.window = window - self.window, window
            self._write(lambda: self._consume(channel, more))

    def _consume(self, channel: Any, most: int) -> None:
        """Consume without waiting. Quorum queues have no shared prefetch: each consumer has its own limit."""
        self._tags.append(tag := f"{self.queue} {next(self._numbers)}")
        channel.callbacks[tag] = self._receive  # set first: py-amqp rejects deliveries without a callback
        channel.send_method(amqp.spec.Basic.Qos, "lBb", (0, most, False))
        channel.basic_consume(self.queue, tag, nowait=True, callback=self._receive)

    def _cancel(self, channel: Any) -> None:
        for tag in list(self._tags):
            channel.send_method(amqp.spec.Basic.Cancel, "sb", (tag, False))

    def _receive(self, message: amqp.Message) -> None:
        with self._arrived:
            self._waiting.append((message.channel, message))
            self._arrived.notify()

    def _write(self, write: Callable[[], Any]) -> bool:
        try:
            write()
        except LOST as failure:
            observe.log.info("channel lost, messages will be redelivered", queue=self.queue, error=repr(failure))
            return False
        return True


def _redelivered(first: tuple[Any, amqp.Message], after: tuple[Any, amqp.Message]) -> bool:
    return bool(first[1].delivery_info["redelivered"] or after[1].delivery_info["redelivered"])


def _delivery(message: amqp.Message) -> Delivery:
    return Delivery(bytes(message.body), message.headers or {}, message.delivery_info["redelivered"])
