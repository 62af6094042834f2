"""What a failure of the database means: a conflict of two transactions, an outage, or our own mistake."""

import random
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

SERIALIZATION_FAILURE, DEADLOCK, LOCK_NOT_AVAILABLE, UNIQUE_VIOLATION = "40001", "40P01", "55P03", "23505"
CONFLICTS = {SERIALIZATION_FAILURE, DEADLOCK, LOCK_NOT_AVAILABLE}
DATA_EXCEPTION = "22"  # the class of errors whose message quotes the value
READ_ONLY = "25006"  # a standby that answers at the primary's address
# Connection lost, out of connections or disk, shutting down, no place to write, a disk that fails.
OUTAGE_CLASSES = ("08", "53", "57P", READ_ONLY, "58")


def is_conflict(failure: Exception) -> bool:
    """Two transactions met, and this one lost: nobody's fault, and it will pass."""
    return code(failure) in CONFLICTS


def is_race(failure: Exception) -> bool:
    """Two transactions inserted the same key at the same moment, or a key is taken: a retry tells."""
    return code(failure) == UNIQUE_VIOLATION


def is_outage(failure: Exception) -> bool:
    """There is no connection, or no more; libpq gives no code when it could not connect at all."""
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
    """How long to wait before the next try after a conflict: seconds, growing to one, so that losers part."""
    pause = 0.01
    while True:
        yield pause * random.uniform(0.5, 1.0)
        pause = min(pause * 2, 1.0)
