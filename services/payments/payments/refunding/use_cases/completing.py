"""The end of every refund: its money has arrived, whichever way."""

from payments.ledger.front import Posting
from payments.providers.front import CallKind
from payments.refunding.model.refunds import Refund, RefundState
from payments.refunding.use_cases.replies import refunded
from payments.taking.front import Payment
from payments.work import Work


def complete(
    work: Work, payment: Payment, refund: Refund, to: RefundState, posting: Posting | None = None
) -> None:
    """Book it, have nobody try any more, and tell it, once."""
    refund.move(to)
    work.refunds.save(refund)
    if posting:
        work.ledger.post(posting)
    _look_after(work, refund)
    if refund.order_id:
        work.publish(refunded(payment, refund))


def _look_after(work: Work, refund: Refund) -> None:
    """An attempt that is not over may pay a second time: how it stands is asked all the same."""
    for attempt in work.refund_attempts.of_refunds(refund.refund_id):
        work.calls.rest(attempt.attempt_id, CallKind.REFUND, CallKind.QUERY_REFUND)
        if not attempt.is_over:
            work.calls.request(CallKind.QUERY_REFUND, attempt.attempt_id, refund.payment_id, at=work.now)
