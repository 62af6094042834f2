"""What a provider has to be asked, and how patiently."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from shared.provider_calls import model as calls


class CallKind(StrEnum):
    """What the provider is asked; the key of a call is its attempt's id."""

    OPEN = "open"
    QUERY = "query"
    CLOSE = "close"
    REFUND = "refund"
    QUERY_REFUND = "query_refund"


@dataclass(frozen=True, kw_only=True)
class Call(calls.Call):
    """A call about a payment."""

    @property
    def payment_id(self) -> UUID:
        return self.about


def pause(call: Call, first: timedelta | None = None) -> timedelta:
    """How long to wait before this call is made again: doubling, up to its kind's longest."""
    return call.pause(first)


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
