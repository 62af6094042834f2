"""A batch of messages in one transaction: inbox rows, effects and outbox rows, all or none.

If a batch fails it is rolled back and its messages run one by one, so that only the culprit is retried
later. Conflicts between transactions are nobody's fault: they are tried again and count as no attempt.
"""

import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from shared import inbox, observe
from shared.db import OpenWork, Work
from shared.delivery import Dead, Delivery, Done, Outcome, Policy, Unreadable, opened
from shared.handles import Handler
from shared.messages import Envelope
from shared.trace import Trace, following

# PostgreSQL: serialization failure, deadlock, lock not available, unique violation
CONFLICTS = {"40001", "40P01", "55P03"}
RACE = "23505"
RACE_TRIES = 3
Opened = tuple[Delivery, Envelope]


class DatabaseDown(Exception):
    """No fault of the message's: hold it, and try again when the database is back."""


class Batches:
    """Runs the handlers of one topic for batches of deliveries."""

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
        """The outcome of each delivery, in their order. Raises DatabaseDown, and then nothing has happened."""
        outcomes: dict[int, Outcome] = {}
        readable: dict[int, Opened] = {}
        for place, delivery in enumerate(deliveries):
            try:
                readable[place] = (delivery, opened(delivery))
            except Unreadable as unreadable:
                outcomes[place] = self._verdict(delivery, unreadable, tries=1)
        outcomes.update(zip(readable, self._readable(list(readable.values())), strict=True))
        return self._counted([outcomes[place] for place in range(len(deliveries))])

    def _readable(self, batch: list[Opened]) -> list[Outcome]:
        if len(batch) > 1:
            try:
                self._transact([envelope for _, envelope in batch])
            except DatabaseDown:
                raise
            except Exception as failure:  # noqa: BLE001 - whose it is shows one by one
                observe.log.warning("batch failed", topic=self.topic, size=len(batch), error=repr(failure))
            else:
                return [Done()] * len(batch)
        return [self._alone(*one) for one in batch]

    def _alone(self, delivery: Delivery, envelope: Envelope) -> Outcome:
        tries = 0
        while True:
            tries += 1
            try:
                self._transact([envelope])
            except DatabaseDown:
                raise
            except Exception as failure:  # noqa: BLE001 - every failure has an outcome
                verdict = self._after(failure, delivery, tries)
                if verdict:
                    return verdict
            else:
                return Done()

    def _after(self, failure: Exception, delivery: Delivery, tries: int) -> Outcome | None:
        verdict = self._verdict(delivery, failure, tries)
        if tries < self._policy.tries_a_round and not isinstance(verdict, Dead):
            return None
        observe.log.error(
            "message failed", topic=self.topic, message_id=delivery.headers.get("cloudEvents_id"), exc_info=failure
        )
        return verdict

    def _verdict(self, delivery: Delivery, failure: Exception, tries: int) -> Outcome:
        names = ", ".join(handler.consumer for handler in self.handlers)
        return self._policy.verdict(delivery, names, failure, tries)

    def _transact(self, envelopes: list[Envelope]) -> None:
        races = 0
        for pause in _pauses():
            try:
                return self._once(envelopes)
            except PoolExhausted as busy:
                raise DatabaseDown from busy
            except DBAPIError as failure:
                races += _code(failure) == RACE
                if _is_outage(failure):
                    raise DatabaseDown from failure
                if not _is_conflict(failure, races):
                    raise
                observe.conflicts.labels(self.topic).inc()
                self._sleep(pause)
        return None

    def _once(self, envelopes: list[Envelope]) -> None:
        with observe.handler_seconds.labels(self.topic).time(), self._open_work(causes=envelopes) as work:
            service = self._service()
            for handler in self.handlers:
                fresh = inbox.remember(work.connection, handler.consumer, [e.message_id for e in envelopes])
                new = {e.message_id: e for e in envelopes if e.message_id in fresh}
                self._call(service, handler, work, list(new.values()))

    def _call(self, service: Any, handler: Handler, work: Work, envelopes: list[Envelope]) -> None:
        method = getattr(service, handler.method)
        if handler.together and envelopes:
            method(work, [(envelope.body, envelope) for envelope in envelopes])
        for envelope in () if handler.together else envelopes:
            work.cause = envelope
            with following(Trace(envelope.correlation_id, envelope.traceparent)):
                method(work, envelope.body)

    def _counted(self, outcomes: list[Outcome]) -> list[Outcome]:
        observe.batch_size.labels(self.topic).observe(len(outcomes))
        for outcome in outcomes:
            observe.deliveries.labels(self.topic, type(outcome).__name__.lower()).inc()
        return outcomes


def _pauses() -> Any:
    pause = 0.01
    while True:
        yield pause * random.uniform(0.5, 1.0)
        pause = min(pause * 2, 1.0)


def _code(failure: DBAPIError) -> str | None:
    return getattr(failure.orig, "pgcode", None)


def _is_conflict(failure: DBAPIError, races: int) -> bool:
    return _code(failure) in CONFLICTS or (_code(failure) == RACE and races <= RACE_TRIES)


def _is_outage(failure: DBAPIError) -> bool:
    """No connection could be made, or the one there was is gone (classes 08, 57P; libpq gives no code)."""
    code = _code(failure) or ""
    without_code = not code and type(failure.orig).__name__ in {"OperationalError", "InterfaceError"}
    return failure.connection_invalidated or without_code or code[:2] in {"08", "53"} or code[:3] == "57P"
