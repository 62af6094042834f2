"""Handles a batch of messages in one transaction: inbox rows, effects and outbox rows, all or none.

If a batch fails, it is rolled back and its messages are handled one by one, so that only the failing one is
retried later. Transaction conflicts are retried at once and not counted as attempts.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from shared import db_failures, inbox, message_spans, observe
from shared.delivery import Delivery, Done, Outcome, Policy, Unreadable, Unrecoverable, read_envelope
from shared.handlers import Handler
from shared.messages import Envelope
from shared.trace import Trace, following
from shared.work import OpenWork, Work

IDLE_LIMIT = 5.0  # seconds: the database's idle_in_transaction_session_timeout (shared.engine)
RACE_TRIES = 3  # a unique violation that recurs more often is a bug, not a race
Opened = tuple[Delivery, Envelope]


class DatabaseDown(Exception):
    """The database is unreachable: hold the messages and retry once it answers."""


@dataclass
class Reading:
    """The deliveries of a batch: the readable ones, and the outcomes of the others, by their place."""

    deliveries: Sequence[Delivery]
    readable: dict[int, Opened] = field(default_factory=dict)
    unreadable: dict[int, Outcome] = field(default_factory=dict)

    @property
    def envelopes(self) -> list[Envelope]:
        """The envelopes of the readable ones."""
        return [envelope for _, envelope in self.readable.values()]


class Batches:
    """Runs the handlers of one topic on batches of deliveries."""

    def __init__(
        self,
        topic: str,
        handlers: Sequence[Handler],
        service: Callable[[], Any],
        open_work: OpenWork[Any],
        *,
        policy: Policy | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.topic, self.handlers = topic, handlers
        self._service, self._open_work = service, open_work
        self._policy, self._sleep = policy or Policy(), sleep

    def run(self, deliveries: Sequence[Delivery]) -> list[Outcome]:
        """The outcome of each delivery, in order. Raises DatabaseDown, after which all may be run again."""
        reading = self.read(deliveries)
        return self.outcomes(reading, self.handle(reading))

    def read(self, deliveries: Sequence[Delivery]) -> Reading:
        """Decode the messages."""
        reading = Reading(deliveries)
        for index, delivery in enumerate(deliveries):
            try:
                reading.readable[index] = (delivery, self._in_time(read_envelope(delivery)))
            except Unreadable as unreadable:
                reading.unreadable[index] = self._verdict(delivery, unreadable, tries=1)
        return reading

    def outcomes(self, reading: Reading, of_readable: Sequence[Outcome]) -> list[Outcome]:
        """The outcomes of all deliveries, in order, counted."""
        found = {**reading.unreadable, **dict(zip(reading.readable, of_readable, strict=True))}
        return self._counted([found[index] for index in range(len(reading.deliveries))])

    def _in_time(self, envelope: Envelope) -> Envelope:
        """Count late commands. They are still handled: the sender waits for a reply, and undos must run."""
        if envelope.not_after and envelope.not_after < datetime.now(UTC):
            observe.late_commands.labels(self.topic).inc()
        return envelope

    def handle(self, reading: Reading) -> list[Outcome]:
        """Handle the readable messages in one transaction or, if that fails, one by one. Raises DatabaseDown."""
        batch = list(reading.readable.values())
        if len(batch) > 1:
            try:
                self.transact([(self, reading.envelopes)])
            except DatabaseDown:
                raise
            except Exception as failure:  # noqa: BLE001 - handling one by one shows which message failed
                observe.log.warning("batch failed", topic=self.topic, size=len(batch), error=repr(failure))
            else:
                return [Done()] * len(batch)
        return [self._alone(*one) for one in batch]

    def _alone(self, delivery: Delivery, envelope: Envelope) -> Outcome:
        tries = 0
        while True:
            tries += 1
            try:
                self.transact([(self, [envelope])])
            except DatabaseDown:
                raise
            except Exception as failure:  # noqa: BLE001 - every failure becomes an outcome
                if isinstance(failure, Unrecoverable) or tries >= self._policy.tries_a_round:
                    return self._failed(delivery, failure, tries)
            else:
                return Done()

    def _failed(self, delivery: Delivery, failure: Exception, tries: int) -> Outcome:
        message_id = delivery.headers.get("cloudEvents_id")
        with following(Trace.carried(delivery.headers)):
            observe.log.error("message failed", topic=self.topic, message_id=message_id, exc_info=failure)
        return self._verdict(delivery, failure, tries)

    def _verdict(self, delivery: Delivery, failure: Exception, tries: int) -> Outcome:
        names = ", ".join(handler.consumer for handler in self.handlers)
        return self._policy.verdict(delivery, names, failure, tries)

    def transact(self, parts: "Parts") -> None:
        """Handle messages, also of several topics, in one transaction; repeat it after conflicts with others.

        Raises DatabaseDown, and what a handler raises.
        """
        races = 0
        for pause in db_failures.pauses():
            began = time.monotonic()
            try:
                return self._once(parts)
            except Exception as failure:
                if db_failures.is_outage(failure):
                    self._raise_outage(failure, time.monotonic() - began)
                races += (is_race := db_failures.is_race(failure))
                if not db_failures.is_conflict(failure) and not (is_race and races <= RACE_TRIES):
                    raise
                observe.conflicts.labels(self.topic).inc()
                self._sleep(pause)
        return None

    def _raise_outage(self, failure: Exception, took: float) -> None:
        """Raise DatabaseDown, or the failure itself if the database only ended a transaction that idled too long.

        libpq does not always report why a connection was closed. Such a handler would idle again on every retry.
        """
        if took > IDLE_LIMIT and self._database_answers():
            raise failure
        raise DatabaseDown from failure

    def _database_answers(self) -> bool:
        try:
            self._open_work.probe()
        except Exception:  # noqa: BLE001 - any failure means that the database is unreachable
            return False
        return True

    def _once(self, parts: "Parts") -> None:
        received = [envelope for _, envelopes in parts for envelope in envelopes]
        consumers = dict.fromkeys(handler.consumer for batches, _ in parts for handler in batches.handlers)
        duplicates: Counter[str] = Counter()
        with (
            _measured(parts),
            message_spans.handled(received, *consumers) as envelopes,
            self._open_work(causes=envelopes) as work,
        ):
            service = self._service()
            for handler, own in _by_handler(parts, envelopes):
                unhandled = inbox.remember(work.connection, handler.consumer, [e.message_id for e in own])
                new = {e.message_id: e for e in own if e.message_id in unhandled}
                duplicates += Counter(e.body.topic for e in own) - Counter(e.body.topic for e in new.values())
                self._call(getattr(service, handler.method), handler, work, list(new.values()))
        for batches, _ in parts:
            observe.duplicates.labels(batches.topic).inc(duplicates[batches.topic])

    def _call(self, method: Any, handler: Handler, work: Work, envelopes: list[Envelope]) -> None:
        if handler.together and envelopes:
            method(work, [(envelope.body, envelope) for envelope in envelopes])
        if handler.in_advance and len(envelopes) > 1:
            handler.in_advance(work, [envelope.body for envelope in envelopes])
        for envelope in () if handler.together else envelopes:
            work.cause = envelope
            with following(Trace(envelope.correlation_id, envelope.traceparent)):
                method(work, envelope.body)

    def _counted(self, outcomes: list[Outcome]) -> list[Outcome]:
        observe.batch_size.labels(self.topic).observe(len(outcomes))
        for outcome, count in Counter(type(each).__name__.lower() for each in outcomes).items():
            observe.deliveries.labels(self.topic, outcome).inc(count)
        return outcomes


Parts = Sequence[tuple[Batches, list[Envelope]]]  # the messages of several topics


def _by_handler(parts: Parts, envelopes: list[Envelope]) -> list[tuple[Handler, list[Envelope]]]:
    """The messages of each handler; a method that handles several topics gets those of all of them.

    `envelopes` are those of the parts, in their order.
    """
    found: dict[str, tuple[Handler, list[Envelope]]] = {}
    rest = iter(envelopes)
    for batches, of_topic in parts:
        own = list(islice(rest, len(of_topic)))
        for handler in batches.handlers:
            _, collected = found.setdefault(handler.consumer, (handler, []))
            collected += [envelope for envelope in own if envelope.kind in handler.kinds]
    return list(found.values())


@contextmanager
def _measured(parts: Parts) -> Iterator[None]:
    """Measure how long the handlers of each topic take, also when they fail."""
    began = time.monotonic()
    try:
        yield
    finally:
        for batches, _ in parts:
            observe.handler_seconds.labels(batches.topic).observe(time.monotonic() - began)
