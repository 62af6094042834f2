"""A batch of messages in one transaction: inbox rows, effects and outbox rows, all or none.

If a batch fails it is rolled back and its messages run one by one, so that only the culprit is retried
later. Conflicts between transactions are nobody's fault: they are tried again and count as no attempt.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from shared import db_failures, inbox, message_spans, observe
from shared.delivery import Delivery, Done, Outcome, Policy, Unreadable, Unrecoverable, opened
from shared.handlers import Handler
from shared.messages import Envelope
from shared.trace import Trace, following
from shared.work import OpenWork, Work

IDLE_LIMIT = 5.0  # seconds for which the database bears an idle transaction (shared.engine)
RACE_TRIES = 3  # a unique key that is violated again and again is a mistake, no race
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
        """The outcome of each delivery, in their order. Raises DatabaseDown, and then all may be run again."""
        outcomes: dict[int, Outcome] = {}
        readable: dict[int, Opened] = {}
        for place, delivery in enumerate(deliveries):
            try:
                readable[place] = (delivery, self._in_time(opened(delivery)))
            except Unreadable as unreadable:
                outcomes[place] = self._verdict(delivery, unreadable, tries=1)
        outcomes.update(zip(readable, self._readable(list(readable.values())), strict=True))
        return self._counted([outcomes[place] for place in range(len(deliveries))])

    def _in_time(self, envelope: Envelope) -> Envelope:
        """A command past its deadline is counted, and handled: who asked waits for a no, and an undo is obeyed."""
        if envelope.not_after and envelope.not_after < datetime.now(UTC):
            observe.late_commands.labels(self.topic).inc()
        return envelope

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

    def _transact(self, envelopes: list[Envelope]) -> None:
        """One transaction, repeated while it only loses against others."""
        races = 0
        for pause in db_failures.pauses():
            began = time.monotonic()
            try:
                return self._once(envelopes)
            except Exception as failure:
                if db_failures.is_outage(failure):
                    self._tell_outage(failure, time.monotonic() - began)
                races += (is_race := db_failures.is_race(failure))
                if not db_failures.is_conflict(failure) and not (is_race and races <= RACE_TRIES):
                    raise
                observe.conflicts.labels(self.topic).inc()
                self._sleep(pause)
        return None

    def _tell_outage(self, failure: Exception, took: float) -> None:
        """Raise DatabaseDown, unless the database is there and only ended a transaction that idled too long.

        libpq does not always say why a connection was closed, and that handler would idle again, for ever.
        """
        if took > IDLE_LIMIT and self._database_answers():
            raise failure
        raise DatabaseDown from failure

    def _database_answers(self) -> bool:
        try:
            self._open_work.probe()
        except Exception:  # noqa: BLE001 - whatever it is, it is no answer
            return False
        return True

    def _once(self, received: list[Envelope]) -> None:
        names = [handler.consumer for handler in self.handlers]
        with (
            message_spans.handled(received, *names) as envelopes,
            observe.handler_seconds.labels(self.topic).time(),
            self._open_work(causes=envelopes) as work,
        ):
            service, known = self._service(), 0
            for handler in self.handlers:
                meant = [e for e in envelopes if e.kind in handler.kinds]
                fresh = inbox.remember(work.connection, handler.consumer, [e.message_id for e in meant])
                new = {e.message_id: e for e in meant if e.message_id in fresh}
                known += len(meant) - len(new)
                self._call(getattr(service, handler.method), handler, work, list(new.values()))
        observe.duplicates.labels(self.topic).inc(known)

    def _call(self, method: Any, handler: Handler, work: Work, envelopes: list[Envelope]) -> None:
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
