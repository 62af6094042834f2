"""One shop's order: its lines, what of them was asked back, and its parcels."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from orders.fulfilment.model.states import ORDER_TRANSITIONS, Actor, CancellationReason, OrderState, moves
from orders.fulfilment.model.terms import Allocation, Policy, Terms, Why
from shared.errors import Conflict, Invalid, NotFound
from shared.money import Money, zero


class OrderNotFound(NotFound):
    """There is no such order."""

    code = "order_not_found"


class RefundQuantityExceeded(Conflict):
    """More was asked back than is left of the line."""

    code = "refund_quantity_exceeded"


class OrderLineNotFound(Invalid):
    """The order has no such line."""

    code = "order_line_not_found"


class OrderPartlyShipped(Conflict):
    """A parcel is on its way already; use after-sale."""

    code = "order_partly_shipped"


@dataclass(frozen=True, kw_only=True)
class StockPieces:
    """Pieces of a SKU that an order takes out of the stock, or that return to it."""

    order_id: UUID
    sku_id: UUID
    quantity: int


def part(amount: int, pieces: int, left: int) -> int:
    """The money of `pieces` of the `left` pieces that share `amount`: the odd units go first, also of a debt."""
    each, odd = divmod(abs(amount), left)
    money = pieces * each + min(pieces, odd)
    return money if amount >= 0 else -money


@dataclass(kw_only=True)
class Line:
    """`quantity` pieces for `paid` in all; `claimed_*` is what refunds, open and done, take of it.

    `refunded_*` is what has gone back: a refund may pay less than it claims, or money that another one withheld.
    `allocations` are what its discount is made of, and who bears it; frozen when the order is placed.
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
        """Pieces that nobody has asked back yet."""
        return self.quantity - self.claimed_quantity

    def claim(self, quantity: int) -> Money:
        """Set `quantity` pieces aside for a refund and return their part of the money.

        What is left on the line is split over the pieces that are left, by largest remainder, the odd units going
        first. So any sequence of refunds, given back ones too, ends at exactly `paid`.
        """
        if not 0 < quantity <= self.left:
            raise RefundQuantityExceeded(line_id=str(self.line_id), left=self.left)
        amount = part(self.paid.amount - self.claimed_amount, quantity, self.left)
        self.claimed_quantity += quantity
        self.claimed_amount += amount
        return Money(amount, self.paid.currency)

    def give_back(self, quantity: int, amount: Money) -> None:
        """A refund of this line did not happen: its pieces can be asked back again."""
        self.claimed_quantity -= quantity
        self.claimed_amount -= amount.amount


@dataclass(frozen=True)
class Cause:
    """Who cancels an order, and why; `text` is what that person typed."""

    actor: Actor
    reason: CancellationReason
    text: str | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """A state that an order came to, and who moved it; `note` is what somebody typed, or a parcel's number."""

    state: OrderState
    actor: Actor
    reason: CancellationReason | None
    note: str | None
    at: datetime


@dataclass(kw_only=True)
class Order:
    """What one merchant handles of a checkout.

    `policy` and `terms` are frozen when it is placed. `withheld_*`, in minor units, is what refunds left with the
    order since what stays costs more than its shares: of the goods' money, and to pay a shipping fee.
    `reason_text` is what the person typed who cancelled it. `shipping_allocations` were taken off its shipping.
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
        """Go to `wanted`; False when it stands there already. Raises TransitionNotAllowed."""
        if not moves(ORDER_TRANSITIONS, self.state, wanted):
            return False
        self.state, self.version = wanted, self.version + 1
        return True

    @property
    def shipping_line_id(self) -> UUID:
        """The id of the line that its shipping fee is: an order is one shipment."""
        return uuid5(self.order_id, "shipping")

    @property
    def owed(self) -> Money:
        """What is still owed to the order of the money that was captured for it."""
        return Money(self.total.amount - self.refunded, self.total.currency)

    @property
    def is_repriced(self) -> bool:
        """Whether what stays of it is priced again as long as nothing was sent."""
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
    def none(self) -> Money:
        return zero(self.total.currency)
