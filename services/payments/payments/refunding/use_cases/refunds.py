"""RefundPayment, and money that goes back by itself: booked once, owed until it has arrived.

What was refused is judged again when it is asked for again: a saga that waits for a person can then go on.
"""

from datetime import datetime

from payments.ledger.front import UNAPPLIED_RECEIPTS, PostingKind, Tender
from payments.refunding.model import postings
from payments.refunding.model.refunds import Refund, RefundState
from payments.refunding.use_cases import attempts, completing
from payments.refunding.use_cases.replies import to_refund
from payments.taking.front import Capture, Payment, book_receivable, payable
from payments.work import Work
from shared.contracts.payments import RefundFailed, RefundPayment
from shared.errors import Refusal
from shared.ids import new_id
from shared.money import total


def refund_payment(work: Work, command: RefundPayment) -> None:
    """Owe money of an order from now on, once per refund_id, never more than the order paid."""
    payment = work.payments.lock(command.payment_id)
    if payment is None or not _adds_up(command):
        _refuse(work, command, "refund_amount_invalid" if payment else "payment_not_found")
        return
    known = work.refunds.find(command.refund_id)
    refund = known or _requested(payment, command, work.now)
    decided = bool(known) and not _is_requested_again(work, refund)
    if not decided:
        _judge(work, payment, refund)
    work.reply(to_refund(payment, refund))
    if not known or (not decided and refund.state is not RefundState.FAILED):
        work.publish(to_refund(payment, refund))


def start(work: Work, payment: Payment, refund: Refund) -> None:
    """Store a refund that may be paid, book it, and ask the provider if it has the money."""
    work.refunds.put(refund)
    source = payable(payment, refund.order_id) if refund.order_id else UNAPPLIED_RECEIPTS
    work.ledger.post(postings.refund_requested(refund, payment.provider, source, _posting_kind(work, refund)))
    if refund.tender is Tender.PROVIDER:
        attempts.begin(work, payment, refund)
    else:
        completing.complete(work, payment, refund, RefundState.SUCCEEDED)


def _posting_kind(work: Work, refund: Refund) -> PostingKind:
    requested_before = work.ledger.has(PostingKind.REFUND_REQUESTED, refund.refund_id)
    return PostingKind.REFUND_REQUESTED_AGAIN if requested_before else PostingKind.REFUND_REQUESTED


def refund_of(capture: Capture, now: datetime) -> Refund:
    """How money goes back that was not kept."""
    return Refund(
        refund_id=new_id(),
        payment_id=capture.payment_id,
        order_id=None,
        capture_id=capture.capture_id,
        amount=capture.amount,
        tender=Tender.PROVIDER,
        requested_at=now,
        reason="not_kept",
    )


def _requested(payment: Payment, command: RefundPayment, now: datetime) -> Refund:
    return Refund(
        refund_id=command.refund_id,
        payment_id=payment.payment_id,
        order_id=command.order_id,
        capture_id=None,
        amount=command.amount,
        tender=Tender.PROVIDER,
        requested_at=now,
        reason=command.reason,
        lines=command.lines,
    )


def _adds_up(command: RefundPayment) -> bool:
    """Whether it is more than nothing, and what its lines are together."""
    currency = command.amount.currency
    return (
        command.amount.amount > 0
        and {line.amount.currency for line in command.lines} <= {currency}
        and total((line.amount for line in command.lines), currency) == command.amount
    )


def _is_requested_again(work: Work, refund: Refund) -> bool:
    """Whether a refund that failed is asked for since: the cause may be mended. An older command came late."""
    return refund.state is RefundState.FAILED and work.cause is not None and work.cause.time > refund.requested_at


def _judge(work: Work, payment: Payment, refund: Refund) -> None:
    """Owe a refund of an order, or refuse it, by what the order has left to give."""
    assert refund.order_id
    try:
        book_receivable(work, payment, refund.order_id)
        tender = payment.refund(refund.order_id, refund.amount, refund.lines)
    except Refusal as refusal:
        refund.refuse(refusal.code, work.now)
        work.refunds.put(refund)
    else:
        refund.owe(tender, work.now)
        start(work, payment, refund)
    work.payments.save(payment)


def _refuse(work: Work, command: RefundPayment, reason: str) -> None:
    work.reply(
        RefundFailed(
            refund_id=command.refund_id,
            payment_id=command.payment_id,
            order_id=command.order_id,
            reason=reason,
        )
    )
