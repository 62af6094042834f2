"""A refund: its lines, quantities, amount and state."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from orders.aftersale.model.states import REFUND_TRANSITIONS, RefundFailure, RefundReason, RefundState
from orders.fulfilment.front import Line, Order, OrderState, Why, moves
from shared.contracts.payments import RefundedLine
from shared.errors import Conflict, NotFound
from shared.money import Money, total


class RefundNotFound(NotFound):
    """The refund does not exist."""

    code = "refund_not_found"


class ItemsNotShipped(Conflict):
    """The order was shipped without these units, so their refund cannot be refused."""

    code = "items_not_shipped"


class OrderFullyRefunded(Conflict):
    """A refund has been requested for every unit of this order already."""

    code = "order_fully_refunded"


class OrderNotRefundable(Conflict):
    """The order is not paid, or it is being cancelled."""

    code = "order_not_refundable"


class AmountChanged(Conflict):
    """The amount of the refund has changed; it is now `amount` minor units."""

    code = "refund_amount_changed"


class Kind(StrEnum):
    """What a refund is for: a part of the order, or its cancellation."""

    REFUND = "refund"
    CANCELLATION = "cancellation"


@dataclass(frozen=True, kw_only=True)
class RefundLine:
    """`quantity` units of a line, for which `amount` was paid; `unsent` of them were not shipped."""

    line_id: UUID
    sku_id: UUID
    quantity: int
    amount: Money
    unsent: int = 0


GRANTED = (RefundState.RUNNING, RefundState.REFUNDED, RefundState.FAILED)
KEEP_BACK = (RefundState.REQUESTED, RefundState.RUNNING, RefundState.REFUNDED)


@dataclass(kw_only=True)
class Refund:
    """`amount` is the sum of the lines plus `shipping`, the refunded fee, less what is withheld.

    `withheld_*`, in minor units, is withheld because the remaining units cost more by the order's terms. Below
    zero, it returns what was withheld from an earlier refund. `by_line` splits the amount by line once the refund
    is granted. `reason_text` is what the user typed.
    """

    refund_id: UUID
    order_id: UUID
    shop_id: UUID
    buyer_id: UUID
    kind: Kind
    state: RefundState
    lines: tuple[RefundLine, ...]
    shipping: Money
    amount: Money
    reason: RefundReason
    requested_at: datetime
    reason_text: str | None = None
    withheld_goods: int = 0
    withheld_shipping: int = 0
    why: tuple[Why, ...] = ()
    by_line: tuple[RefundedLine, ...] = ()
    decided_at: datetime | None = None
    failure: RefundFailure | None = None

    @property
    def was_granted(self) -> bool:
        """Whether the refund was granted, whatever its payment's state."""
        return self.state in GRANTED

    @property
    def removes_its_units(self) -> bool:
        """Whether its units no longer belong to the order: it was granted and has not failed."""
        return self.state in (RefundState.RUNNING, RefundState.REFUNDED)

    @property
    def difference(self) -> Money:
        """What is deducted because the remaining units are repriced; below zero, what is returned."""
        return Money(self.withheld_goods + self.withheld_shipping, self.amount.currency)

    def add_up(self) -> None:
        """Set `amount` from the lines, the shipping fee and the difference."""
        lines = total((line.amount for line in self.lines), self.shipping.currency)
        self.amount = lines + self.shipping - self.difference

    def check_amount(self, expected: int | None) -> None:
        """Raise AmountChanged if `expected` (minor units) is given and is not the amount."""
        if expected is not None and expected != self.amount.amount:
            raise AmountChanged(amount=self.amount.amount, currency=self.amount.currency)

    def move(self, wanted: RefundState) -> bool:
        """Change the state to `wanted`; False when it is already. Raises TransitionNotAllowed."""
        if not moves(REFUND_TRANSITIONS, self.state, wanted):
            return False
        self.state = wanted
        return True


def kept_back(refunds: Iterable[Refund]) -> dict[UUID, int]:
    """Quantity by line that is not to be shipped, since its refund was requested or granted."""
    quantities = Counter[UUID]()
    for line in (line for refund in refunds if refund.state in KEEP_BACK for line in refund.lines):
        quantities[line.line_id] += line.unsent
    return dict(quantities)


REFUNDABLE = (OrderState.CONFIRMED, OrderState.PREPARING, OrderState.SHIPPED, OrderState.DELIVERED)


def check_refundable(order: Order) -> None:
    """Raise OrderNotRefundable unless the order is paid or cash on delivery, and is not being cancelled."""
    if order.state not in REFUNDABLE:
        raise OrderNotRefundable(state=str(order.state))


def check_grantable(order: Order, refund: Refund) -> None:
    """Raise OrderNotRefundable when the order is being cancelled: the cancellation refunds all of it.

    Raises TransitionNotAllowed for a refused refund, whose units another refund may have claimed since.
    """
    if order.state in (OrderState.CANCELLING, OrderState.CANCELLED):
        raise OrderNotRefundable(state=str(order.state))
    moves(REFUND_TRANSITIONS, refund.state, RefundState.RUNNING)


def claim(
    order: Order, wanted: Sequence[tuple[UUID, int]] | None, *, unsent: Mapping[UUID, int], **about: Any
) -> Refund:
    """Claim units of an order for a refund: the (line id, quantity) pairs, or with None all that are left.

    `unsent` is the quantity by line that was not shipped: it is claimed first, and restocked. `appraisal` sets the
    rest of the amount. Raises OrderFullyRefunded, RefundQuantityExceeded, OrderLineNotFound.
    """
    if order.all_claimed:
        raise OrderFullyRefunded
    return _refund(order, Kind.REFUND, _claimed(order, _left(order) if wanted is None else wanted, unsent), about)


def claim_rest(order: Order, *, unsent: Mapping[UUID, int], **about: Any) -> Refund:
    """The refund of a cancelled order: all unclaimed units, and the shipping fee."""
    refund = _refund(order, Kind.CANCELLATION, _claimed(order, _left(order), unsent), about)
    _return_withheld(order, refund)
    return refund


def extend_to_rest(order: Order, refund: Refund, unsent: Mapping[UUID, int]) -> None:
    """Extend the refund that cancels the order by the units of other requests that were refused."""
    more = _claimed(order, _left(order), unsent)
    refund.lines += more
    _return_withheld(order, refund)


def _return_withheld(order: Order, refund: Refund) -> None:
    """Refund what the order had withheld: a cancelled order withholds nothing."""
    refund.withheld_goods -= order.withheld_goods
    refund.withheld_shipping -= order.withheld_shipping
    order.withheld_goods = order.withheld_shipping = 0
    refund.add_up()


def _refund(order: Order, kind: Kind, lines: tuple[RefundLine, ...], about: Mapping[str, Any]) -> Refund:
    shipping = order.shipping if kind is Kind.CANCELLATION else order.no_amount
    return Refund(
        order_id=order.order_id,
        shop_id=order.shop_id,
        buyer_id=order.buyer_id,
        kind=kind,
        lines=lines,
        shipping=shipping,
        amount=total((line.amount for line in lines), order.total.currency) + shipping,
        **about,
    )


def _left(order: Order) -> list[tuple[UUID, int]]:
    return [(line.line_id, line.left) for line in order.lines if line.left]


def _claimed(
    order: Order, wanted: Sequence[tuple[UUID, int]], unsent: Mapping[UUID, int]
) -> tuple[RefundLine, ...]:
    return tuple(_claimed_line(order.line(line_id), n, unsent.get(line_id, 0)) for line_id, n in wanted)


def _claimed_line(line: Line, quantity: int, unsent: int) -> RefundLine:
    return RefundLine(
        line_id=line.line_id,
        sku_id=line.sku_id,
        quantity=quantity,
        amount=line.claim(quantity),
        unsent=min(quantity, unsent),
    )


def withhold(order: Order, refund: Refund) -> None:
    """Record on the order what a granted refund withholds."""
    order.withheld_goods += refund.withheld_goods
    order.withheld_shipping += refund.withheld_shipping


def release_claim(order: Order, refund: Refund) -> None:
    """Undo the claim of a refund that was refused or has failed: its units can be requested again."""
    if refund.state is RefundState.FAILED:
        order.withheld_goods -= refund.withheld_goods
        order.withheld_shipping -= refund.withheld_shipping
    for part in refund.lines:
        order.line(part.line_id).release_claim(part.quantity, part.amount)
