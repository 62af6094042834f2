"""What a refund and a cancellation have in common: money of one order goes back, and perhaps its goods."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from orders.domain.refund import Refund
from shared.contracts import catalog, payments
from shared.contracts.catalog import StockLine
from shared.money import Money

REASON = "after_sale"  # a code: what somebody typed stays with the order, and goes to no provider


@dataclass(frozen=True, kw_only=True)
class GivingBack:
    """`amount` goes back once per `refund_id`, and `lines` return to stock: none of what was shipped."""

    refund_id: UUID
    order_id: UUID
    checkout_id: UUID
    payment_id: UUID
    amount: Money
    lines: tuple[StockLine, ...]


def refund_payment(s: GivingBack) -> payments.RefundPayment | None:
    if not s.amount:
        return None
    return payments.RefundPayment(
        refund_id=s.refund_id,
        payment_id=s.payment_id,
        order_id=s.order_id,
        amount=s.amount,
        reason=REASON,
    )


def restock(s: GivingBack) -> catalog.Restock | None:
    if not s.lines:
        return None
    return catalog.Restock(refund_id=s.refund_id, order_id=s.order_id, checkout_id=s.checkout_id, lines=s.lines)


def order_lock(s: GivingBack) -> Iterable[str]:
    return (f"order {s.order_id}",)


def stock_lines(refund: Refund) -> tuple[StockLine, ...]:
    """The goods of a refund that return to stock."""
    lines = (line for line in refund.lines if line.unsent)
    return tuple(StockLine(order_id=refund.order_id, sku_id=li.sku_id, quantity=li.unsent) for li in lines)
