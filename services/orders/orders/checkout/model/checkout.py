"""A checkout: what a shopper pays at once, and the people and place it is for."""

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
    """There is no such checkout."""

    code = "checkout_not_found"


class AccountErased(Conflict):
    """The account is being erased: it places no orders any more."""

    code = "account_erased"


class CheckoutState(StrEnum):
    """Where the orders of a checkout stood together, until it was confirmed or cancelled."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class PaymentMethod(StrEnum):
    """How a checkout is paid."""

    WECHAT = "wechat"
    CASH_ON_DELIVERY = "cash_on_delivery"
    NOTHING = "nothing"  # discounts left nothing to pay


@dataclass(frozen=True, kw_only=True)
class RefusedLine:
    """A SKU of which `wanted` pieces could not be had; `reason` is a stable code."""

    sku_id: UUID
    wanted: int
    available: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What stood in a checkout's way: lines of it, benefits."""

    lines: tuple[RefusedLine, ...] = ()
    benefits: tuple[Benefit, ...] = ()

    def of(self, sku_ids: Collection[UUID]) -> "Refusal":
        """As far as these SKUs and the whole checkout are concerned."""
        lines = tuple(line for line in self.lines if line.sku_id in sku_ids)
        return Refusal(lines=lines, benefits=self.benefits)

    def __bool__(self) -> bool:
        return bool(self.lines or self.benefits)


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """What is paid at once.

    `expires_at` is when it will be too late to pay if it can be paid at once; the payment, once it is open,
    has a moment of its own, and that one counts.
    """

    checkout_id: UUID
    quote_id: UUID
    buyer_id: UUID
    payment_id: UUID
    method: str
    total: int
    currency: str
    state: CheckoutState
    address: dict[str, Any] | None  # none once the buyer is erased
    contact: dict[str, Any] | None
    note: str
    benefits: tuple[Benefit, ...]
    taken_from_cart: dict[str, int]
    expires_at: datetime
    created_at: datetime
    reason: CancellationReason | None = None
    refusal: dict[str, Any] | None = None
