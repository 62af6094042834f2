"""The steps that refunds and cancellations share: refund the payment and restock the units of one order."""

from collections.abc import Iterable

from orders.aftersale.model.process import Repayment
from orders.sagas import stock
from shared.contracts import catalog, payments

REASON = "after_sale"  # a code: what the user typed is not sent to a provider


def refund_payment(s: Repayment) -> payments.RefundPayment | None:
    if not s.amount:
        return None
    return payments.RefundPayment(
        refund_id=s.refund_id,
        payment_id=s.payment_id,
        order_id=s.order_id,
        amount=s.amount,
        lines=s.by_line,
        reason=REASON,
    )


def restock(s: Repayment) -> catalog.Restock | None:
    if not s.lines:
        return None
    return catalog.Restock(
        refund_id=s.refund_id, order_id=s.order_id, checkout_id=s.checkout_id, lines=stock.lines(s.lines)
    )


def order_lock(s: Repayment) -> Iterable[str]:
    return (f"order {s.order_id}",)
