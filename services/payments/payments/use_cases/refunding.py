"""RefundPayment, and money that goes back by itself: booked once, owed until it has arrived."""

from datetime import datetime

from payments.domain import ledger
from payments.domain.captures import Capture
from payments.domain.payment import Payment, Tender
from payments.domain.refunds import Refund, RefundState
from payments.use_cases import cash, completing, refund_attempts
from payments.use_cases.replies import to_refund
from payments.work import Work
from shared.contracts.payments import RefundFailed, RefundPayment
from shared.errors import Refusal
from shared.ids import new_id


def refund_payment(work: Work, command: RefundPayment) -> None:
    """Owe money of an order from now on, once per refund_id, never more than the order paid."""
    payment = work.payments.lock(command.payment_id)
    if payment is None or command.amount.amount <= 0:
        _refuse(work, command, "wrong_amount" if payment else "payment_unknown")
        return
    known = work.refunds.find(command.refund_id)
    refund = known or _begin(work, payment, command)
    work.reply(to_refund(payment, refund))
    if not known:
        work.say(to_refund(payment, refund))


def start(work: Work, payment: Payment, refund: Refund) -> None:
    """Store a refund that may be paid, book it, and ask the provider if it has the money."""
    work.refunds.add(refund)
    work.books.post(ledger.refund_asked(payment, refund))
    if refund.tender is Tender.PROVIDER:
        refund_attempts.begin(work, refund)
    else:
        completing.complete(work, payment, refund, RefundState.SUCCEEDED)


def refund_of(capture: Capture, now: datetime) -> Refund:
    """How money goes back that was not kept."""
    return Refund(
        refund_id=new_id(),
        payment_id=capture.payment_id,
        order_id=None,
        capture_id=capture.capture_id,
        amount=capture.amount,
        tender=Tender.PROVIDER,
        asked_at=now,
        reason="not_kept",
    )


def _begin(work: Work, payment: Payment, command: RefundPayment) -> Refund:
    refund = Refund(
        refund_id=command.refund_id,
        payment_id=payment.payment_id,
        order_id=command.order_id,
        capture_id=None,
        amount=command.amount,
        tender=Tender.PROVIDER,
        asked_at=work.now,
        reason=command.reason,
    )
    try:
        cash.book(work, payment, command.order_id)
        refund.tender = payment.refund(command.order_id, command.amount)
    except Refusal as refusal:
        refund.state, refund.failure = RefundState.FAILED, refusal.code
        work.refunds.add(refund)
    else:
        start(work, payment, refund)
    work.payments.save(payment)
    return refund


def _refuse(work: Work, command: RefundPayment, reason: str) -> None:
    work.reply(
        RefundFailed(
            refund_id=command.refund_id,
            payment_id=command.payment_id,
            order_id=command.order_id,
            reason=reason,
        )
    )
