"""Completing a refund whose money has arrived."""

from payments.ledger.front import Posting
from payments.providers.front import CallKind
from payments.refunding.model.refunds import Refund, RefundState
from payments.refunding.use_cases.replies import refunded
from payments.taking.front import Payment
from payments.work import Work


def complete(
    work: Work, payment: Payment, refund: Refund, to: RefundState, posting: Posting | None = None
) -> None:
    """Post it, end its provider calls and publish it."""
    refund.move(to)
    work.refunds.save(refund)
    if posting:
        work.ledger.post(posting)
    _end_calls(work, refund)
    if refund.order_id:
        work.publish(refunded(payment, refund))


def _end_calls(work: Work, refund: Refund) -> None:
    """Only query attempts that are not over: they may still pay a second time."""
    for attempt in work.refund_attempts.of_refunds(refund.refund_id):
        work.calls.finish(attempt.attempt_id, CallKind.REFUND, CallKind.QUERY_REFUND)
        if not attempt.is_over:
            work.calls.request(CallKind.QUERY_REFUND, attempt.attempt_id, refund.payment_id, at=work.now)
