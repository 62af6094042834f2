"""A wish for money back: which pieces of which lines, how much, and how it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from orders.domain.order import Order
from orders.domain.states import REFUND_MOVES, OrderState, RefundState, moves
from shared.errors import Conflict
from shared.money import Money, total


class NothingLeft(Conflict):
    """Everything of this order has been asked back already."""

    code = "nothing_left_to_refund"


class NotRefundable(Conflict):
    """Nothing of this order has been paid for, or it is being cancelled."""

    code = "not_refundable"


class Kind(StrEnum):
    """Why money goes back: a wish for part of it, or because the whole order is cancelled."""

    REFUND = "refund"
    CANCELLATION = "cancellation"


@dataclass(frozen=True, kw_only=True)
class RefundLine:
    """`quantity` pieces of a line, for which `amount` was paid."""

    line_id: UUID
    sku_id: UUID
    quantity: int
    amount: Money


@dataclass(kw_only=True)
class Refund:
    """`shipping` is the part of `amount` that pays the fee back; `restock` tells whether goods return to stock."""

    refund_id: UUID
    order_id: UUID
    shop_id: UUID
    buyer_id: UUID
    kind: Kind
    state: RefundState
    lines: tuple[RefundLine, ...]
    shipping: Money
    amount: Money
    restock: bool
    reason: str
    asked_at: datetime
    decided_at: datetime | None = None
    failure: str | None = None

    def move(self, wanted: RefundState) -> bool:
        """Go to `wanted`; False when it stands there already. Raises WrongMove."""
        if not moves(REFUND_MOVES, self.state, wanted):
            return False
        self.state = wanted
        return True


REFUNDABLE = (OrderState.CONFIRMED, OrderState.PREPARING, OrderState.SHIPPED, OrderState.DELIVERED)


def check_refundable(order: Order) -> None:
    """Raise NotRefundable unless the order is paid for, or will be at the door, and is not being cancelled."""
    if order.state not in REFUNDABLE:
        raise NotRefundable(state=str(order.state))


def claim(order: Order, wanted: Sequence[tuple[UUID, int]] | None, *, unsent: bool, **about: Any) -> Refund:
    """Claim pieces of an order for a refund: the (line id, quantity) pairs, or with None all that is left.

    `unsent`: no parcel has left the shop yet. Then goods return to stock, and to ask everything back that
    is left is to cancel the order, which gives the shipping fee back too.
    Raises NothingLeft, NotThatMany, UnknownLine.
    """
    if order.all_claimed and not (unsent and wanted is None):
        raise NothingLeft
    pairs = wanted if wanted is not None else [(li.line_id, li.left) for li in order.lines if li.left]
    lines = tuple(_claimed(order, line_id, quantity) for line_id, quantity in pairs)
    kind = Kind.CANCELLATION if unsent and order.all_claimed else Kind.REFUND
    shipping = order.shipping if kind is Kind.CANCELLATION else order.none
    return Refund(
        order_id=order.order_id,
        shop_id=order.shop_id,
        buyer_id=order.buyer_id,
        kind=kind,
        lines=lines,
        shipping=shipping,
        amount=total((line.amount for line in lines), order.total.currency) + shipping,
        restock=unsent,
        **about,
    )


def _claimed(order: Order, line_id: UUID, quantity: int) -> RefundLine:
    line = order.line(line_id)
    return RefundLine(line_id=line_id, sku_id=line.sku_id, quantity=quantity, amount=line.claim(quantity))


def give_back(order: Order, refund: Refund) -> None:
    """The refund does not happen: its pieces can be asked back again."""
    for part in refund.lines:
        order.line(part.line_id).give_back(part.quantity, part.amount)
