"""What the processes that give money back know: all that a step needs."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from orders.aftersale.model.refund import Refund
from orders.aftersale.model.states import RefundFailure
from orders.fulfilment.front import Order, StockPieces
from shared.contracts.payments import RefundedLine
from shared.money import Money, zero


@dataclass(frozen=True, kw_only=True)
class Repayment:
    """`amount` goes back once per `refund_id`, by line as `by_line` says.

    `lines` return to stock: none of what was shipped.
    """

    refund_id: UUID
    order_id: UUID
    checkout_id: UUID
    payment_id: UUID
    amount: Money
    by_line: tuple[RefundedLine, ...]
    lines: tuple[StockPieces, ...]


@dataclass(frozen=True, kw_only=True)
class RefundProcess(Repayment):
    """The state of the saga `orders.refund`; `failure` is why the money could not go back."""

    failure: RefundFailure | None = None

    @classmethod
    def of(cls, refund: Refund, order: Order) -> Self:
        """At the beginning: the refund was granted."""
        return cls(
            refund_id=refund.refund_id,
            order_id=order.order_id,
            checkout_id=order.checkout_id,
            payment_id=order.payment_id,
            amount=refund.amount,
            by_line=refund.by_line,
            lines=unsent_pieces(refund),
        )


@dataclass(frozen=True, kw_only=True)
class CancellationProcess(Repayment):
    """The state of the saga `orders.cancel_order`.

    `benefits`: the checkout used some; `last`: with this order the whole checkout is cancelled.
    """

    benefits: bool
    last: bool = False

    @classmethod
    def of(cls, order: Order, refund_id: UUID, *, benefits: bool) -> Self:
        """At the beginning: the order is marked `cancelling`, what goes back is found out later."""
        return cls(
            refund_id=refund_id,
            order_id=order.order_id,
            checkout_id=order.checkout_id,
            payment_id=order.payment_id,
            amount=zero(order.total.currency),
            by_line=(),
            lines=(),
            benefits=benefits,
        )


def unsent_pieces(refund: Refund) -> tuple[StockPieces, ...]:
    """The pieces of a refund that return to stock."""
    lines = (line for line in refund.lines if line.unsent)
    return tuple(StockPieces(order_id=refund.order_id, sku_id=li.sku_id, quantity=li.unsent) for li in lines)
