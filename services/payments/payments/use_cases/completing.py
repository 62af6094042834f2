"""The end of every refund: its money has arrived, whichever way."""

from payments.domain.calls import CallKind
from payments.domain.ledger import Posting
from payments.domain.payment import Payment
from payments.domain.refunds import Refund, RefundState
from payments.use_cases.replies import refunded
from payments.work import Work


def complete(
    work: Work, payment: Payment, refund: Refund, to: RefundState, posting: Posting | None = None
) -> None:
    """Book it, have nobody try any more, and tell it, once."""
    refund.move(to)
    work.refunds.save(refund)
    if posting:
        work.books.post(posting)
    _rest(work, refund)
    if refund.order_id:
        work.say(refunded(payment, refund))


def _rest(work: Work, refund: Refund) -> None:
    """An attempt that is still alive is looked after all the same: it may pay a second time."""
    for attempt in work.refund_attempts.of_refunds(refund.refund_id):
        over = [CallKind.QUERY_REFUND] if attempt.is_over else []
        work.calls.rest(attempt.attempt_id, CallKind.REFUND, *over)
