"""The replies to RefundPayment and the events of a refund, made from what is stored."""

from payments.refunding.model.refunds import Refund, RefundState
from payments.taking.front import Payment
from shared.contracts import payments as contract
from shared.messages import Event


def to_refund(payment: Payment, refund: Refund) -> Event:
    """The reply to RefundPayment: accepted, or refused by our own rules."""
    assert refund.order_id
    about = {"refund_id": refund.refund_id, "payment_id": payment.payment_id, "order_id": refund.order_id}
    if refund.state is RefundState.FAILED:
        return contract.RefundFailed(**about, reason=refund.failure or "")
    return contract.RefundAccepted(**about, amount=refund.amount, lines=refund.lines)


def refunded(payment: Payment, refund: Refund) -> contract.PaymentRefunded:
    """The event that a refund has arrived."""
    assert refund.order_id
    return contract.PaymentRefunded(
        refund_id=refund.refund_id,
        payment_id=payment.payment_id,
        order_id=refund.order_id,
        amount=refund.amount,
        lines=refund.lines,
    )
