"""The kinds of provider calls, and the pauses between their tries."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from shared.provider_calls import model as calls


class CallKind(StrEnum):
    """The kinds of provider calls; the key of a call is its attempt's id."""

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
    """The pause before the next try: doubling, up to the longest pause of its kind."""
    return call.pause(first)


def pause_after(closed: int) -> timedelta:
    """The pause before a new attempt after `closed` closed ones: doubling, up to six hours.

    The provider requires at least a minute between two refunds of a payment.
    """
    return min(timedelta(minutes=1) * 2 ** min(closed - 1, 20), timedelta(hours=6))


def number_of(identity: UUID) -> str:
    """The number of an attempt at the provider: 32 characters."""
    return identity.hex


def id_of(number: str) -> UUID | None:
    """The attempt's id from its number at the provider; None if the number cannot be ours."""
    try:
        return UUID(hex=number)
    except ValueError:
        return None
