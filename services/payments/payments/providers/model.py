"""What a provider has to be asked, and how patiently."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID


class CallKind(StrEnum):
    """What the provider is asked; the key of a call is its attempt's id."""

    OPEN = "open"
    QUERY = "query"
    CLOSE = "close"
    REFUND = "refund"
    QUERY_REFUND = "query_refund"


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call that is due; `tries` counts this one. The last two name the request that it belongs to."""

    kind: CallKind
    key: UUID
    payment_id: UUID
    tries: int
    correlation_id: UUID | None = None
    traceparent: str | None = None


FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = {
    CallKind.OPEN: timedelta(seconds=10),
    CallKind.QUERY: timedelta(minutes=5),
    CallKind.CLOSE: timedelta(minutes=5),
    CallKind.REFUND: timedelta(hours=1),
    CallKind.QUERY_REFUND: timedelta(minutes=30),
}


def pause(call: Call, first: timedelta = FIRST_PAUSE) -> timedelta:
    """How long to wait before this call is made again: doubling, up to its kind's longest."""
    return min(first * 2 ** min(call.tries - 1, 20), LONGEST_PAUSE[call.kind])


def pause_after(closed: int) -> timedelta:
    """How long to wait before a new attempt, when the provider has closed so many: doubling, up to six hours.

    The provider wants at least a minute between two refunds of a payment.
    """
    return min(timedelta(minutes=1) * 2 ** min(closed - 1, 20), timedelta(hours=6))


def number_of(identity: UUID) -> str:
    """The number by which the provider knows an attempt: 32 characters."""
    return identity.hex


def id_of(number: str) -> UUID | None:
    """The id behind a number the provider names; None if we cannot have made it."""
    try:
        return UUID(hex=number)
    except ValueError:
        return None
