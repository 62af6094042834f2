"""A queue's consumer: takes what is there, has it handled as one batch, acknowledges together.

It starts with one message at a time, and opens its window after the first that came for the first time and was
handled. A message that was delivered before may be the one that killed its process: it runs alone, and while
such messages come first, no others are near it.
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
from shared.topology import dead_letters, rung_name

BATCH = 100
WINDOW = 2 * BATCH  # the next batch arrives while this one is handled


class Runner(Protocol):
    """What is done with the messages of a queue: `shared.batches`, or the keeper of the dead letters."""

    def run(self, deliveries: Sequence[Delivery]) -> list[Outcome]:
        """The outcome of each. Raises DatabaseDown, and then all may be run again."""


class Consumer:
    """One queue of a service: `run` in a thread of its own, a member of the link."""

    def __init__(
        self,
        service: str,
        queue: str,
        runner: Runner,
        mover: Mover,
        *,
        slots: Any = None,
        probe: Callable[[], None] = lambda: None,
        batch: int = BATCH,
    ) -> None:
        self.service, self.queue = service, queue
        self._runner, self._mover, self._batch, self._probe = runner, mover, batch, probe
        self._slots = slots or threading.Semaphore()
        self._arrived = threading.Condition()
        self._waiting: deque[tuple[Any, amqp.Message]] = deque()
        self._tags: list[str] = []
        self._numbers = itertools.count()
        self._stopping = threading.Event()
        self._channel: Any = None
        self.window = 0

    # ---- as a member of the link

    def opened(self, channel: Any) -> None:
        channel.auto_decode = False  # a body is bytes, whatever its headers promise
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
            channel = taken[0][0]
            deliveries = [_delivery(message) for _, message in taken]
            outcomes = self._handled(deliveries)
            if outcomes is None:
                return
            if self._settle(channel, [message for _, message in taken], outcomes):
                self._trust(channel, deliveries, outcomes)

    def stop(self) -> None:
        """Take no more; run() returns when the batch at hand is acknowledged. The rest returns to the queue."""
        self._stopping.set()
        channel = self._channel
        if channel:
            self._write(lambda: self._cancel(channel))
        with self._arrived:
            self._arrived.notify_all()

    def _take(self) -> list[tuple[Any, amqp.Message]]:
        with self._arrived:
            while not self._waiting and not self._stopping.is_set():
                self._arrived.wait()
            if self._stopping.is_set():
                return []
            taken = [self._waiting.popleft()]
            while self._waiting and len(taken) < self._batch and not _suspects(taken[0], self._waiting[0]):
                taken.append(self._waiting.popleft())
            return taken

    def _handled(self, deliveries: list[Delivery]) -> list[Outcome] | None:
        pause = 0.1
        while True:
            try:
                with self._slots:
                    return self._runner.run(deliveries)
            except DatabaseDown as outage:
                observe.log.warning(
                    "database down, holding messages", queue=self.queue, error=repr(outage.__cause__)
                )
            answers = False  # also if it does at once: what fails again and again must not spin
            while not answers:
                if self._stopping.wait(pause):
                    return None
                pause = min(pause * 2, 5.0)
                answers = self._database_answers()

    def _database_answers(self) -> bool:
        try:
            self._probe()
        except Exception:  # noqa: BLE001 - whatever it is, it is no answer
            return False
        return True

    # ---- what becomes of the messages

    def _settle(self, channel: Any, messages: list[amqp.Message], outcomes: list[Outcome]) -> bool:
        """Move what failed, then acknowledge all at once; False when the channel is gone."""
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
        return "", dead_letters(self.service)

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
        """Open the window once no message comes again: those that do come first."""
        fresh = not any(delivery.redelivered for delivery in deliveries)
        if fresh and all(isinstance(outcome, Done) for outcome in outcomes):
            self._widen(channel, WINDOW)

    def _widen(self, channel: Any, window: int) -> None:
        """By one more consumer: to cancel one sends back what is on its way to it, which counts as a delivery."""
        if self._channel is channel and self.window < window and not self._stopping.is_set():
            more, self.window = window - self.window, window
            self._write(lambda: self._consume(channel, more))

    def _consume(self, channel: Any, most: int) -> None:
        """Quorum queues know no shared prefetch: each consumer has its own limit. Nothing is waited for."""
        self._tags.append(tag := f"{self.queue} {next(self._numbers)}")
        channel.callbacks[tag] = self._receive  # before it is needed: what finds none, py-amqp sends back
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
            observe.log.info("channel is gone, messages will come again", queue=self.queue, error=repr(failure))
            return False
        return True


def _suspects(first: tuple[Any, amqp.Message], after: tuple[Any, amqp.Message]) -> bool:
    return bool(first[1].delivery_info["redelivered"] or after[1].delivery_info["redelivered"])


def _delivery(message: amqp.Message) -> Delivery:
    return Delivery(bytes(message.body), message.headers or {}, message.delivery_info["redelivered"])
