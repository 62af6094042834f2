"""The state of the sagas that refund money: all that their steps need."""

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
    """`amount` is refunded once per `refund_id`, split by line as in `by_line`.

    `lines` are restocked: only units that were not shipped.
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
    """The state of the saga `orders.refund`; `failure` is why the refund could not be paid."""

    failure: RefundFailure | None = None

    @classmethod
    def of(cls, refund: Refund, order: Order) -> Self:
        """The first state, when the refund was granted."""
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

    `benefits`: whether the checkout used any; `last`: whether this order's cancellation completes its checkout's.
    """

    benefits: bool
    last: bool = False

    @classmethod
    def of(cls, order: Order, refund_id: UUID, *, benefits: bool) -> Self:
        """The first state: the order is marked `cancelling`; the step `claim` sets the amount and the lines."""
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
    """The units of a refund to restock."""
    lines = (line for line in refund.lines if line.unsent)
    return tuple(StockPieces(order_id=refund.order_id, sku_id=li.sku_id, quantity=li.unsent) for li in lines)
