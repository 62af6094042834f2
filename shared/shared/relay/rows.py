"""The relay's access to the outbox. Every method is one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from shared.ids import new_id
from shared.round_trips import later

LEASE = timedelta(seconds=5)
COUNTED = 100_000

# clock_timestamp(), since now() is the start of the transaction: a transaction that waited for the row would take
# a lease made meanwhile for one made before the clock was set back, and two relays would hold the lease.
TAKE_LEASE = text("""
    WITH earlier AS (SELECT holder FROM relay_lease FOR UPDATE)
    UPDATE relay_lease SET holder = :me, until = clock_timestamp() + :lease FROM earlier
    WHERE relay_lease.holder = :me OR until < clock_timestamp()
       OR until > clock_timestamp() + :lease -- made before the clock was set back
    RETURNING earlier.holder IS NOT DISTINCT FROM :me AS renewed
""")
LEAVE_LEASE = text("UPDATE relay_lease SET until = clock_timestamp() WHERE holder = :me")
# Nothing is written for a claim: one relay works at a time, and remembers which rows it holds. Another one that
# takes the lease finds all unsent rows. No lock is waited for or skipped: rows that a frozen relay is marking are
# published again, before the rows behind them.
UNSENT = """
    SELECT position, message_id, topic, kind, subject, body, headers, within, created_at, not_before, queue
    FROM outbox
    WHERE sent_at IS NULL AND failed_at IS NULL AND position <> ALL(CAST(:held AS bigint[]))
"""
CLAIM_ROWS = text(f"""
    ({UNSENT} AND not_before IS NULL ORDER BY position LIMIT :most)
    UNION ALL ({UNSENT} AND not_before <= now() ORDER BY not_before, position LIMIT :most)
""")
MARK_SENT = text("""
    UPDATE outbox SET sent_at = now()
    WHERE position = ANY(:positions) AND sent_at IS NULL
""")
MARK_FAILED = text("""
    UPDATE outbox SET failed_at = now(), error = :error WHERE position = :position
""")
POSTPONE = text("""
    UPDATE outbox SET not_before = now() + :delay, error = :error
    WHERE position = ANY(:positions)
""")
BACKLOG = text(f"""
    SELECT (SELECT count(*) FROM (
                SELECT FROM outbox
                WHERE sent_at IS NULL AND failed_at IS NULL AND not_before IS NULL LIMIT {COUNTED}
           ) AS waiting),
           greatest(
               (SELECT now() - min(created_at) FROM (
                    SELECT created_at FROM outbox
                    WHERE sent_at IS NULL AND failed_at IS NULL AND not_before IS NULL ORDER BY position LIMIT 1
               ) AS oldest),
               (SELECT now() - min(not_before) FROM outbox
                WHERE sent_at IS NULL AND failed_at IS NULL AND not_before <= now())
           )
""")  # noqa: S608 - a constant


@dataclass(frozen=True)
class Row:
    """A claimed row of the outbox."""

    position: int
    message_id: UUID
    topic: str
    kind: str
    subject: str
    body: str
    headers: dict[str, Any]
    within: int | None
    created_at: datetime
    not_before: datetime | None = None
    queue: str | None = None
    claimed_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def lane(self) -> str:
        """The key within which rows are published in order: the subject, separate for rows to a single queue."""
        return f"{self.queue} {self.subject}" if self.queue else self.subject


class Lease(Enum):
    """The result of taking the lease: another relay holds it, or this one renewed its own or took a new one."""

    HELD_BY_OTHER = "held_by_other"
    RENEWED = "renewed"
    TAKEN = "taken"


class Rows:
    """The outbox, for one relay. Each statement is a transaction, without the round trip of a COMMIT."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._me = str(new_id())

    def take_lease(self) -> Lease:
        """Take or renew the lease for LEASE.

        A relay that was slow renews its expired lease, unless another one took it meanwhile.
        """
        with self._engine.connect() as connection:
            renewed = connection.execute(TAKE_LEASE, {"me": self._me, "lease": LEASE}).scalar()
        if renewed is None:
            return Lease.HELD_BY_OTHER
        return Lease.RENEWED if renewed else Lease.TAKEN

    def leave_lease(self) -> None:
        """Release the lease, so that another relay can start at once."""
        with self._engine.connect() as connection:
            connection.execute(LEAVE_LEASE, {"me": self._me})

    def claim(self, most: int, held: Iterable[int] = (), sent: Sequence[Row] = ()) -> list[Row]:
        """Up to `most` waiting rows and as many due timers, oldest first, without the positions `held`.

        The rows `sent` are marked in the same round trip.
        """
        with self._engine.connect() as connection:
            if sent:
                later(connection, MARK_SENT, _positions(sent))
            found = connection.execute(CLAIM_ROWS, {"most": most, "held": _array(held)}).all()
            return sorted((Row(*row) for row in found), key=lambda row: row.position)

    def sent(self, rows: Sequence[Row]) -> None:
        """Mark rows as sent, now; the deadline of a command is counted from its first mark."""
        with self._engine.connect() as connection:
            connection.execute(MARK_SENT, _positions(rows))

    def failed(self, row: Row, error: str) -> None:
        """Mark a row that can never be sent, for an operator."""
        with self._engine.connect() as connection:
            connection.execute(MARK_FAILED, {"position": row.position, "error": error})

    def postpone(self, rows: Iterable[Row], delay: timedelta, error: str) -> None:
        """Retry these rows after `delay`."""
        with self._engine.connect() as connection:
            connection.execute(POSTPONE, {**_positions(rows), "delay": delay, "error": error})

    def backlog(self) -> tuple[int, timedelta]:
        """The number of waiting rows (counted up to COUNTED), and how long the oldest has waited."""
        with self._engine.connect() as connection:
            waiting, lag = connection.execute(BACKLOG).one()
            return waiting, lag or timedelta(0)


def _positions(rows: Iterable[Row]) -> dict[str, str]:
    return {"positions": _array(row.position for row in rows)}


def _array(positions: Iterable[int]) -> str:
    """PostgreSQL's text of an array: quicker to parse than one constant for each element."""
    return f"{{{','.join(map(str, positions))}}}"
