"""RefundPayment, and refunds of money that is not kept: posted once, payable until they have arrived.

A refused refund is decided again when it is requested again: a saga that waits for an operator can then continue.
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
    """Accept or refuse a refund of an order, once per refund_id, never above what the order paid."""
    payment = work.payments.lock(command.payment_id)
    if payment is None or not _adds_up(command):
        _refuse(work, command, "refund_amount_invalid" if payment else "payment_not_found")
        return
    known = work.refunds.find(command.refund_id)
    refund = known or _requested(payment, command, work.now)
    decided = bool(known) and not _is_requested_again(work, refund)
    if not decided:
        _decide(work, payment, refund)
    work.reply(to_refund(payment, refund))
    if not known or (not decided and refund.state is not RefundState.FAILED):
        work.publish(to_refund(payment, refund))


def start(work: Work, payment: Payment, refund: Refund) -> None:
    """Store and post an accepted refund; request it from the provider, or complete it if it is paid in cash."""
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
    """The refund of a capture that was not kept."""
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
    """Whether the amount is above zero and the sum of the lines."""
    currency = command.amount.currency
    return (
        command.amount.amount > 0
        and {line.amount.currency for line in command.lines} <= {currency}
        and total((line.amount for line in command.lines), currency) == command.amount
    )


def _is_requested_again(work: Work, refund: Refund) -> bool:
    """Whether a failed refund was requested again since; false for an older command that arrives late."""
    return refund.state is RefundState.FAILED and work.cause is not None and work.cause.time > refund.requested_at


def _decide(work: Work, payment: Payment, refund: Refund) -> None:
    """Accept a refund of an order, or refuse it, by what is refundable of the order."""
    assert refund.order_id
    try:
        book_receivable(work, payment, refund.order_id)
        tender = payment.refund(refund.order_id, refund.amount, refund.lines)
    except Refusal as refusal:
        refund.refuse(refusal.code, work.now)
        work.refunds.put(refund)
    else:
        refund.accept(tender, work.now)
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
