"""The auditor's repairs: refund unapplied receipts, and publish again that a refund has arrived."""

from uuid import UUID

from payments.ledger.front import PostingKind
from payments.refunding.model.refunds import PAID, RefundNotFound
from payments.refunding.use_cases import refunds, replies
from payments.taking.front import Capture, CaptureNotFound, Payment, Standing, capture_returned
from payments.work import Work
from shared.auth import Caller
from shared.contracts.auditing.views import Repaired
from shared.repairing import repair


def refund_unapplied_receipt(work: Work, caller: Caller, capture_id: UUID) -> Repaired:
    """Refund a capture that was not kept, unless it has a refund. Raises CaptureNotFound."""
    capture = work.captures.get(capture_id)
    if capture is None:
        raise CaptureNotFound
    payment = work.payments.lock(capture.payment_id)
    assert payment

    def carry_out() -> bool:
        if capture.standing is not Standing.RETURNED or _is_refunded(work, payment, capture):
            return False
        if not work.ledger.has(PostingKind.UNAPPLIED_CAPTURED, capture_id):
            work.ledger.post(capture_returned(capture_id, payment, capture.amount))
        refunds.start(work, payment, refunds.refund_of(capture, work.now))
        return True

    return repair(work, caller, "audit.refund_unapplied_receipt", f"capture {capture_id}", carry_out)


def republish_refund(work: Work, caller: Caller, refund_id: UUID) -> Repaired:
    """Publish again that a refund of an order has arrived, if it has. Raises RefundNotFound."""
    refund = work.refunds.find(refund_id)
    if refund is None or refund.order_id is None:
        raise RefundNotFound
    payment = work.payments.lock(refund.payment_id)
    assert payment

    def carry_out() -> bool:
        if refund.state not in PAID:
            return False
        work.publish(replies.refunded(payment, refund))
        return True

    return repair(work, caller, "audit.republish_refund", f"refund {refund_id}", carry_out)


def _is_refunded(work: Work, payment: Payment, capture: Capture) -> bool:
    """Whether the capture has a refund; also a failed one, which an operator has to resolve."""
    return any(refund.capture_id == capture.capture_id for refund in work.refunds.of_payment(payment.payment_id))
