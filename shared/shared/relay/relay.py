"""The relay's control loop: take the lease, claim rows, publish them, mark them as sent, survive failures."""

import contextlib
import math
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy.exc import SQLAlchemyError

from shared import observe
from shared.health import FRESH
from shared.pace import Pace
from shared.relay.lanes import Lanes
from shared.relay.rows import LEASE, Lease, Row, Rows

MOST_CLAIMED = 1000  # rows
MOST_IN_FLIGHT = 500  # published and unconfirmed rows
TICK = 1.0  # seconds; the poll for rows whose datagram was lost; well within LEASE
RENEW = LEASE.total_seconds() / 2  # seconds before the lease ends: time for at least two attempts
LONGEST_PAUSE = 0.02  # seconds between two claims, under load
BIGGEST = 4 * 1024 * 1024  # bytes of a body
RETRY_AFTER = 0.2  # seconds until a refused row is retried
UNROUTABLE_RETRY_AFTER = timedelta(seconds=30)  # until an unroutable command or reply is retried
MARK_WITHIN = 0.3  # seconds after the confirm, if no other row waits: the mark is then sent with the next claim
STOP_WITHIN = 5.0


class Sender(Protocol):
    """The publisher, or a test double."""

    is_open: bool

    def connect(self, callbacks: Any) -> None: ...
    def publish(self, row: Row) -> None: ...
    def close(self) -> None: ...


class Relay:
    """Publishes the rows of the outbox. Everything runs on one loop in one thread."""

    def __init__(self, rows: Rows, sender: Sender, loop: Any, clock: Callable[[], float]) -> None:
        self._rows, self._sender, self._loop, self._clock = rows, sender, loop, clock
        self._lanes = Lanes()
        self._pace, self._is_woken = Pace(LONGEST_PAUSE, clock), False
        self._confirmed: list[Row] = []  # and not yet marked as sent
        self._marks_at = math.inf
        self._window = MOST_IN_FLIGHT
        self._leads_until = 0.0
        self._stopping_since: float | None = None
        self._database_answered_at = -math.inf
        self._full = False  # the last claim returned as many rows as were requested: more may wait

    def start(self) -> None:
        """Start; returns at once, the loop does the rest."""
        self._sender.connect(self)
        self._tick()

    def stop(self) -> None:
        """Publish nothing new, wait for unconfirmed rows, give the lease up and end. Idempotent."""
        if self._stopping_since is None:
            self._stopping_since = self._clock()
            self._end_when_confirmed()

    @property
    def leads(self) -> bool:
        """Whether this relay holds the lease, according to its own clock."""
        return self._clock() < self._leads_until

    @property
    def database_answers(self) -> bool:
        """Whether the database answered lately. While it hangs, this loop hangs too, without an error."""
        return self._clock() - self._database_answered_at < FRESH

    def wake(self) -> None:
        """Rows were committed: pump at once, or after the pause that follows a batch of several."""
        if not self._is_woken:
            self._is_woken = True
            self._loop.call_later(self._pace.left, self._woken)

    def _woken(self) -> None:
        self._is_woken = False
        self.pump()

    def pump(self) -> None:
        """Claim waiting rows, with what is to be marked, and publish those that may be published now."""
        if not self._may_publish():
            return
        began = self._clock()
        marked, room = self._confirmed, MOST_CLAIMED - len(self._lanes)
        claimed: list[Row] = []
        with self._database():
            claimed = self._rows.claim(room, self._lanes.positions, sent=marked)
            self._marked(marked)
        self._lanes.add(claimed)
        self._publish()
        self._full = len(claimed) >= room
        self._pace.ended(len(claimed), self._clock() - began)

    # ---- called by the publisher

    def opened(self) -> None:
        self.pump()

    def confirmed(self, row: Row) -> None:
        """Schedule the row to be marked as sent: at once if others wait for it, else within MARK_WITHIN."""
        self._lanes.confirm(row)
        self._confirmed.append(row)
        published = self._lanes.in_flight + len(self._confirmed)
        self._mark_within(0 if len(self._lanes) > published else MARK_WITHIN)

    def refused(self, row: Row) -> None:
        """Retry the row after RETRY_AFTER, before any other row of its subject."""
        observe.outbox_refused.labels(row.topic).inc()
        self._lanes.refuse(row)
        self._loop.call_later(RETRY_AFTER, lambda: self._retry(row))

    def unroutable(self, row: Row) -> None:
        """Treat an event that no queue accepted as sent; postpone a command or reply until its queue exists."""
        observe.outbox_unroutable.labels(row.topic, row.kind).inc()
        if row.kind == "event":
            self.confirmed(row)
            return
        observe.log.error(
            "no queue accepts this message", kind=row.kind, topic=row.topic, message_id=str(row.message_id)
        )
        rows = self._lanes.drop(row.lane)
        with self._database():
            self._rows.postpone(rows, UNROUTABLE_RETRY_AFTER, "unroutable")

    def lost(self, unconfirmed: list[Row], *, provoked: bool) -> None:
        """Publish all unconfirmed rows again after the reconnect, with the same ids.

        If a message made the broker close the connection, rows are sent one by one to find that message.
        """
        alone = self._window == 1  # because the broker closed the connection before
        if provoked and alone and len(unconfirmed) == 1:
            self._give_up(unconfirmed[0], "the broker closes the channel when it is sent")
        self._window = 1 if provoked else MOST_IN_FLIGHT
        self._lanes.reset()

    # ---- the rounds

    def _tick(self) -> None:
        """Keep the lease, and publish rows whose datagram was lost."""
        if not self._stopping_since:
            self._renew_lease()
            self._mark()
            self.pump()
            self._loop.call_later(TICK, self._tick)

    def _renew_lease(self) -> None:
        before = self._clock()
        if self._leads_until - before < RENEW:
            with self._database():
                lease = self._rows.take_lease()
                if lease is not Lease.HELD_BY_OTHER:
                    self._leads_until = before + LEASE.total_seconds()
                if lease is not Lease.RENEWED:
                    self._lanes = Lanes()  # another relay may have published these rows meanwhile
        observe.relay_leads.set(self.leads)

    def _publish(self) -> None:
        """Publish the rows that may be published now."""
        if not self._may_publish():
            return
        for row in self._lanes.next(self._window):
            if len(row.body) > BIGGEST:
                self._give_up(row, "too big")
                continue
            try:
                self._sender.publish(row)
            except Exception as failure:  # noqa: BLE001 - a row that cannot be sent must not block the others
                self._give_up(row, repr(failure))

    def _may_publish(self) -> bool:
        return self._sender.is_open and self.leads and not self._stopping_since

    def _retry(self, row: Row) -> None:
        self._lanes.retry(row)
        self._publish()

    def _mark_within(self, seconds: float) -> None:
        at = self._clock() + seconds
        if at < self._marks_at:
            self._marks_at = at
            self._loop.call_later(seconds, self._mark)

    def _mark(self) -> None:
        """Mark confirmed rows as sent; if the database fails they are kept and marked later."""
        rows, self._marks_at = self._confirmed, math.inf
        if not rows:
            return
        with self._database():
            self._rows.sent(rows)
            self._marked(rows)
            self._continue()

    def _marked(self, rows: list[Row]) -> None:
        if rows:
            self._confirmed = []
            for row in rows:
                self._lanes.remove(row)
            observe.outbox_sent.inc(len(rows))
            self._window = min(self._window * 2, MOST_IN_FLIGHT)

    def _continue(self) -> None:
        if self._full and len(self._lanes) < MOST_CLAIMED // 2:
            self.pump()
        else:
            self._publish()

    def _give_up(self, row: Row, error: str) -> None:
        observe.outbox_failed.labels(row.topic).inc()
        observe.log.error("message can never be sent", topic=row.topic, position=row.position, error=error)
        with self._database():
            self._rows.failed(row, error[:1000])
        self._lanes.remove(row)

    def _end_when_confirmed(self) -> None:
        waited = self._clock() - (self._stopping_since or 0)
        if (self._lanes.in_flight or self._confirmed) and waited < STOP_WITHIN and self._sender.is_open:
            self._loop.call_later(0.02, self._end_when_confirmed)
            return
        self._mark()
        with self._database():
            self._rows.leave_lease()
        self._sender.close()
        self._loop.call_later(0.2, self._loop.stop)

    @contextlib.contextmanager
    def _database(self) -> Iterator[None]:
        """Log a database error and skip the rest of this round."""
        try:
            yield
            self._database_answered_at = self._clock()
        except SQLAlchemyError as failure:
            self._database_answered_at = -math.inf
            observe.log.warning("database error in the relay", error=repr(failure))
