"""Classifies database failures: a conflict of two transactions, an outage, or a bug."""

import random
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

SERIALIZATION_FAILURE, DEADLOCK, LOCK_NOT_AVAILABLE, UNIQUE_VIOLATION = "40001", "40P01", "55P03", "23505"
CONFLICTS = {SERIALIZATION_FAILURE, DEADLOCK, LOCK_NOT_AVAILABLE}
DATA_EXCEPTION = "22"  # the class of errors whose message quotes the value
READ_ONLY = "25006"  # a standby answers at the primary's address
# Connection lost, out of connections or disk, shutting down, read-only standby, disk failure.
OUTAGE_CLASSES = ("08", "53", "57P", READ_ONLY, "58")


def is_conflict(failure: Exception) -> bool:
    """Whether the transaction lost a conflict with another one, so that a retry may succeed."""
    return code(failure) in CONFLICTS


def is_race(failure: Exception) -> bool:
    """Whether a unique key was violated: by a concurrent insert or an existing row. A retry shows which."""
    return code(failure) == UNIQUE_VIOLATION


def is_outage(failure: Exception) -> bool:
    """Whether there is no connection, or it was lost; libpq gives no code if it could not connect at all."""
    if isinstance(failure, PoolExhausted):
        return True
    if not isinstance(failure, DBAPIError):
        return False
    unreachable = code(failure) is None and type(failure.orig).__name__ in {"OperationalError", "InterfaceError"}
    return failure.connection_invalidated or unreachable or (code(failure) or "").startswith(OUTAGE_CLASSES)


def code(failure: Exception) -> str | None:
    """PostgreSQL's SQLSTATE of a failed statement."""
    return getattr(getattr(failure, "orig", None), "pgcode", None)


def pauses() -> Iterator[float]:
    """The waits between retries after conflicts: seconds, doubling up to 1, with jitter."""
    pause = 0.01
    while True:
        yield pause * random.uniform(0.5, 1.0)
        pause = min(pause * 2, 1.0)
