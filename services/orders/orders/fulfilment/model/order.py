"""One shop's order: its lines, what refunds claim of them, and its steps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from orders.fulfilment.model.states import ORDER_TRANSITIONS, Actor, CancellationReason, OrderState, moves
from orders.fulfilment.model.terms import Allocation, Policy, Terms, Why
from shared.errors import Conflict, Invalid, NotFound
from shared.money import Money, zero


class OrderNotFound(NotFound):
    """The order does not exist."""

    code = "order_not_found"


class RefundQuantityExceeded(Conflict):
    """The quantity exceeds what is left to refund of the line."""

    code = "refund_quantity_exceeded"


class OrderLineNotFound(Invalid):
    """The order has no such line."""

    code = "order_line_not_found"


class OrderPartlyShipped(Conflict):
    """A parcel was shipped already; request a refund instead."""

    code = "order_partly_shipped"


@dataclass(frozen=True, kw_only=True)
class StockPieces:
    """Units of a SKU that an order takes from stock or returns to it."""

    order_id: UUID
    sku_id: UUID
    quantity: int


def part(amount: int, units: int, left: int) -> int:
    """The part of `amount` for `units` of the `left` units that share it; remainders go to the first units."""
    each, remainder = divmod(abs(amount), left)
    money = units * each + min(units, remainder)
    return money if amount >= 0 else -money


@dataclass(kw_only=True)
class Line:
    """`quantity` units for `paid` in total; `claimed_*` is what refunds, open and done, claim of it.

    `refunded_*` is what was refunded: a refund may pay less than it claims, or return what was withheld earlier.
    `allocations` are the parts of its discount and who bears them, frozen when the order is placed.
    """

    line_id: UUID
    product_id: UUID
    sku_id: UUID
    title: str
    options: str
    image: str | None
    quantity: int
    unit_price: Money
    discount: Money
    paid: Money
    category: str | None = None
    why: tuple[Why, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    claimed_quantity: int = 0
    claimed_amount: int = 0
    refunded_quantity: int = 0
    refunded_amount: int = 0

    @property
    def left(self) -> int:
        """The quantity that no refund claims."""
        return self.quantity - self.claimed_quantity

    def claim(self, quantity: int) -> Money:
        """Claim `quantity` units for a refund and return their part of what was paid.

        The unclaimed amount is split over the unclaimed units; remainders go to the first. So any sequence of
        claims and released claims adds up to exactly `paid`. Raises RefundQuantityExceeded.
        """
        if not 0 < quantity <= self.left:
            raise RefundQuantityExceeded(line_id=str(self.line_id), left=self.left)
        amount = part(self.paid.amount - self.claimed_amount, quantity, self.left)
        self.claimed_quantity += quantity
        self.claimed_amount += amount
        return Money(amount, self.paid.currency)

    def release_claim(self, quantity: int, amount: Money) -> None:
        """Release the claim of a refund that was refused or has failed."""
        self.claimed_quantity -= quantity
        self.claimed_amount -= amount.amount


@dataclass(frozen=True)
class Cause:
    """Who cancels an order, and why; `text` is what the user typed."""

    actor: Actor
    reason: CancellationReason
    text: str | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """A state that an order reached, and who changed it; `note` is a typed text or a tracking number."""

    state: OrderState
    actor: Actor
    reason: CancellationReason | None
    note: str | None
    at: datetime


@dataclass(kw_only=True)
class Order:
    """What one merchant handles of a checkout.

    `policy` and `terms` are frozen when it is placed. `withheld_*`, in minor units, was withheld from refunds
    since the remaining units cost more than their shares: for products, and for the shipping fee. `reason_text` is
    what the user who cancelled it typed. `shipping_allocations` are the discounts of its shipping fee.
    """

    order_id: UUID
    number: str
    checkout_id: UUID
    payment_id: UUID
    shop_id: UUID
    buyer_id: UUID
    state: OrderState
    goods: Money
    discount: Money
    shipping: Money
    total: Money
    version: int
    placed_at: datetime
    lines: list[Line]
    refunded: int = 0
    reason: CancellationReason | None = None
    reason_text: str | None = None
    policy: Policy = Policy.FROZEN_SHARES
    terms: Terms | None = None
    shipping_allocations: tuple[Allocation, ...] = ()
    withheld_goods: int = 0
    withheld_shipping: int = 0
    refusal: dict[str, Any] | None = None
    updated_at: datetime | None = None

    def move(self, wanted: OrderState) -> bool:
        """Change the state to `wanted`; False when it is already. Raises TransitionNotAllowed."""
        if not moves(ORDER_TRANSITIONS, self.state, wanted):
            return False
        self.state, self.version = wanted, self.version + 1
        return True

    @property
    def shipping_line_id(self) -> UUID:
        """The id of its shipping line."""
        return uuid5(self.order_id, "shipping")

    @property
    def is_repriced(self) -> bool:
        """Whether a refund before shipping reprices the remaining units."""
        return self.policy is Policy.REPRICE_BEFORE_SHIPPING

    @property
    def all_claimed(self) -> bool:
        return all(line.left == 0 for line in self.lines)

    def line(self, line_id: UUID) -> Line:
        for line in self.lines:
            if line.line_id == line_id:
                return line
        raise OrderLineNotFound(line_id=str(line_id))

    @property
    def no_amount(self) -> Money:
        return zero(self.total.currency)
