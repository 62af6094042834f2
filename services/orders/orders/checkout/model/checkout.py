"""A checkout: what a shopper pays at once, with its address and contact."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from orders.fulfilment.front import CancellationReason
from shared.contracts.marketing import Benefit
from shared.errors import Conflict, NotFound


class CheckoutNotFound(NotFound):
    """The checkout does not exist."""

    code = "checkout_not_found"


class AccountErased(Conflict):
    """The account is being erased and can place no more orders."""

    code = "account_erased"


class CheckoutState(StrEnum):
    """The state of a checkout, until its payment decides on it; afterwards each order has its own."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class PaymentMethod(StrEnum):
    """How a checkout is paid."""

    WECHAT = "wechat"
    CASH_ON_DELIVERY = "cash_on_delivery"
    NOTHING = "nothing"  # the total is zero


@dataclass(frozen=True, kw_only=True)
class RefusedLine:
    """A SKU of which `wanted` units are not available; `reason` is a stable code."""

    sku_id: UUID
    wanted: int
    available: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """The refused lines and benefits of a checkout."""

    lines: tuple[RefusedLine, ...] = ()
    benefits: tuple[Benefit, ...] = ()

    def of(self, sku_ids: Collection[UUID]) -> "Refusal":
        """The part that concerns these SKUs; benefits concern the whole checkout."""
        lines = tuple(line for line in self.lines if line.sku_id in sku_ids)
        return Refusal(lines=lines, benefits=self.benefits)

    def __bool__(self) -> bool:
        return bool(self.lines or self.benefits)


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """What is paid at once.

    `expires_at` is an estimate of the end of the payment window. The payment, once it is open, has its own, which
    applies.
    """

    checkout_id: UUID
    quote_id: UUID
    buyer_id: UUID
    payment_id: UUID
    method: str
    total: int
    currency: str
    state: CheckoutState
    address: dict[str, Any] | None  # None once the buyer is erased
    contact: dict[str, Any] | None
    note: str
    benefits: tuple[Benefit, ...]
    taken_from_cart: dict[str, int]
    expires_at: datetime
    created_at: datetime
    reason: CancellationReason | None = None
    refusal: dict[str, Any] | None = None
