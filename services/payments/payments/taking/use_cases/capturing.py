"""Receiving money, as notified, as queried, or as found when closing a payment."""

from uuid import UUID

from payments import metrics
from payments.providers.front import (
    Call,
    CallKind,
    PaymentState,
    ProviderPayment,
    ProviderRefused,
    ProviderSilent,
    number_of,
    pause,
)
from payments.refunding import front as refunding
from payments.taking.model import postings
from payments.taking.model.captures import Capture
from payments.taking.model.payment import Payment, Standing
from payments.taking.model.unidentified import Reason
from payments.taking.use_cases.opening import first_query
from payments.taking.use_cases.replies import captured, publish, reply_to_all
from payments.taking.use_cases.unidentified import book_unidentified_receipt
from payments.work import Work
from shared import observe
from shared.contracts import payments as contract
from shared.ids import new_id


def receive(work: Work, payment: Payment, attempt_id: UUID, paid: ProviderPayment) -> str:
    """Decide once whether money is kept; returns the outcome as a code. The caller holds the payment's lock."""
    if paid.out_trade_no != number_of(attempt_id) or not paid.ours:
        book_unidentified_receipt(work, payment.provider, paid, Reason.ORDER_NOT_FOUND)
        return "unidentified"
    capture = _capture(work, payment, attempt_id, paid)
    if not work.captures.add(capture):
        return _known(work, capture, paid)
    metrics.captures.labels(capture.standing).inc()
    if capture.standing is Standing.KEPT:
        _keep(work, payment, capture)
    else:
        _return(work, payment, capture)
    reply_to_all(work, payment)
    standing = contract.Standing(capture.standing)
    publish(work, payment, captured(payment, capture.amount, standing=standing, at=capture.captured_at))
    return str(capture.standing)


def _known(work: Work, capture: Capture, paid: ProviderPayment) -> str:
    """Compare a transaction with its capture; if they differ, book it as unidentified."""
    known = work.captures.of_transaction(capture.provider, capture.transaction_id)
    if (known.attempt_id, known.amount) == (capture.attempt_id, capture.amount):
        return "known"
    observe.log.error("transaction differs from its capture", capture_id=str(known.capture_id))
    book_unidentified_receipt(work, capture.provider, paid, Reason.TRANSACTION_OF_ANOTHER_PAYMENT)
    return "unidentified"


def settle_query(
    work: Work, call: Call, answer: ProviderPayment | ProviderRefused | ProviderSilent | None
) -> None:
    """Handle the result of a query: receive the money, close the payment if it has expired, or query again."""
    payment = work.payments.lock(call.payment_id)
    assert payment is not None
    paid = answer if isinstance(answer, ProviderPayment) and answer.state is PaymentState.PAID else None
    if paid:
        receive(work, payment, call.key, paid)
    if payment.decided or (paid and paid.ours):
        work.calls.finish(call.key, CallKind.QUERY)
    elif work.now >= payment.expires_at or _closed(answer):
        work.calls.finish(call.key, CallKind.QUERY)
        work.calls.request(CallKind.CLOSE, call.key, payment.payment_id, at=work.now)
    else:
        later = min(work.now + pause(call, first_query()), payment.expires_at)
        work.calls.postpone(call, later, str(answer) if isinstance(answer, Exception) else None)


def _closed(answer: object) -> bool:
    return isinstance(answer, ProviderPayment) and answer.state is PaymentState.CLOSED


def _capture(work: Work, payment: Payment, attempt_id: UUID, paid: ProviderPayment) -> Capture:
    assert paid.transaction_id is not None
    assert paid.amount is not None
    return Capture(
        capture_id=new_id(),
        provider=payment.provider,
        transaction_id=paid.transaction_id,
        payment_id=payment.payment_id,
        attempt_id=attempt_id,
        amount=paid.amount,
        standing=payment.standing_of(attempt_id, paid.amount) if _paid_in_full(paid) else Standing.RETURNED,
        captured_at=paid.paid_at or work.now,
    )


def _paid_in_full(paid: ProviderPayment) -> bool:
    """Whether the payer paid all of it: discounts of the provider are not accepted."""
    return paid.payer_total is None or paid.payer_total == paid.amount


def _keep(work: Work, payment: Payment, capture: Capture) -> None:
    payment.capture(capture.captured_at)
    work.payments.save(payment)
    work.ledger.post(postings.kept(capture.capture_id, payment))
    work.calls.finish(capture.attempt_id, CallKind.QUERY)


def _return(work: Work, payment: Payment, capture: Capture) -> None:
    observe.log.warning(
        "capture is refunded",
        payment_id=str(payment.payment_id),
        state=payment.state,
        capture_id=str(capture.capture_id),
    )
    work.ledger.post(postings.returned(capture.capture_id, payment, capture.amount))
    refunding.start(work, payment, refunding.refund_of(capture, work.now))
