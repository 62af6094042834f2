"""What payments answers to a command, read from what is stored: the same however often it is asked."""

from datetime import datetime
from uuid import UUID

from payments.domain.payment import Method, Payment, State
from payments.domain.refunds import Refund, RefundState
from payments.repository import Question, Wish
from payments.work import Work
from shared import trace
from shared.contracts import payments as contract
from shared.messages import Event
from shared.money import Money
from shared.trace import Trace, following


def to_open(payment: Payment) -> Event | None:
    """The answer to OpenPayment, as soon as there is one."""
    if payment.state in (State.FAILED, State.CANCELLED):
        return _refused(payment)
    if payment.method is Method.CASH_ON_DELIVERY and payment.amount:
        return _authorized(payment)
    if payment.state is State.CAPTURED:
        return captured(payment, payment.amount)
    return _opened(payment) if payment.state is State.OPEN else None


def to_cancel(payment: Payment) -> Event | None:
    """The answer to CancelPayment: cancelled, or the money was faster."""
    if payment.state in (State.CANCELLED, State.FAILED):
        return contract.PaymentCancelled(payment_id=payment.payment_id, checkout_id=payment.checkout_id)
    if payment.state is State.CAPTURED or payment.taken:
        return captured(payment, payment.taken)
    return None


def to_refund(payment: Payment, refund: Refund) -> Event | None:
    """The answer to RefundPayment, once the refund is decided."""
    if not refund.decided or refund.order_id is None:
        return None
    about = {"refund_id": refund.refund_id, "payment_id": payment.payment_id, "order_id": refund.order_id}
    if refund.state is RefundState.SUCCEEDED:
        return contract.PaymentRefunded(**about, amount=refund.amount)
    return contract.RefundFailed(**about, reason=refund.failure or "")


def captured(
    payment: Payment,
    amount: Money,
    *,
    at: datetime | None = None,
    standing: contract.Standing = contract.Standing.KEPT,
    order_id: UUID | None = None,
) -> contract.PaymentCaptured:
    """Money came in; kept, unless it is said otherwise."""
    moment = at or payment.captured_at
    assert moment is not None
    return contract.PaymentCaptured(
        payment_id=payment.payment_id,
        checkout_id=payment.checkout_id,
        order_id=order_id,
        amount=amount,
        standing=standing,
        captured_at=moment,
    )


def answer_or_remember(work: Work, payment: Payment, wish: Wish, refund: Refund | None = None) -> None:
    """Answer the command that is being handled, or keep it until its answer is decided."""
    reply = _reply(wish, payment, refund)
    if reply:
        work.say(reply)
    elif work.cause:
        question = Question(
            message_id=work.cause.message_id,
            kind=wish,
            payment_id=payment.payment_id,
            refund_id=refund.refund_id if refund else None,
            correlation_id=work.cause.correlation_id,
            traceparent=work.trace_of(work.cause).traceparent,
            asked_at=work.now,
        )
        work.unanswered.add(question)


def answer_all(work: Work, payment: Payment) -> int:
    """Answer the commands that waited for this payment to be decided; returns how many."""
    decided = [wish for wish in (Wish.OPEN, Wish.CANCEL) if _reply(wish, payment, None)]
    return _answer(work, payment, None, *decided)


def answer_refund(work: Work, payment: Payment, refund: Refund) -> int:
    """Answer the commands that waited for this refund."""
    return _answer(work, payment, refund, Wish.REFUND)


def _answer(work: Work, payment: Payment, refund: Refund | None, *wishes: Wish) -> int:
    refund_id = refund.refund_id if refund else None
    questions = work.unanswered.take(payment.payment_id, *wishes, refund_id=refund_id) if wishes else []
    for question in questions:
        reply = _reply(question.kind, payment, refund)
        with following(_request_of(question)):
            if reply:
                work.say(reply, answers=question.message_id)
    return len(questions)


def _request_of(question: Question) -> Trace:
    """The request that a command belongs to: if it is the one followed, from where that stands now."""
    followed = trace.current()
    if followed and followed.correlation_id == question.correlation_id:
        return followed
    return Trace(question.correlation_id, question.traceparent)


def _reply(wish: Wish, payment: Payment, refund: Refund | None) -> Event | None:
    if wish is Wish.REFUND:
        return to_refund(payment, refund) if refund else None
    return to_open(payment) if wish is Wish.OPEN else to_cancel(payment)


def _authorized(payment: Payment) -> Event:
    return contract.PaymentAuthorized(
        payment_id=payment.payment_id, checkout_id=payment.checkout_id, amount=payment.amount
    )


def _opened(payment: Payment) -> Event:
    return contract.PaymentOpened(
        payment_id=payment.payment_id,
        checkout_id=payment.checkout_id,
        method=contract.Method(payment.method),
        amount=payment.amount,
        code_url=payment.code_url,
        expires_at=payment.expires_at,
    )


def _refused(payment: Payment) -> Event:
    return contract.PaymentRefused(
        payment_id=payment.payment_id, checkout_id=payment.checkout_id, reason=payment.reason or ""
    )
