"""Money comes in: a notification, an answered query and a cancel's answer all end here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from payments import metrics
from payments.domain import ledger
from payments.domain.calls import Call, CallKind, id_of, pause
from payments.domain.captures import Capture
from payments.domain.payment import Payment, Standing, Tender, UnknownPayment
from payments.domain.refunds import Refund
from payments.provider import Notification, PaymentState, ProviderPayment, ProviderRefused, ProviderSilent
from payments.use_cases import refunding
from payments.use_cases.opening import first_query
from payments.use_cases.replies import answer_all, captured
from payments.work import Work
from shared import observe, spans, trace
from shared.contracts import payments as contract
from shared.ids import new_id


def hear(work: Work, provider: str, notification: Notification) -> None:
    """Take in a genuine report, once; raises UnknownPayment for one about something we never asked for."""
    if not work.notifications.add(provider, notification.id, at=work.now):
        return
    about = notification.about
    if isinstance(about, ProviderPayment):
        with _following_request_of(work, about.out_trade_no):
            _hear_of_payment(work, about)
    else:
        with _following_request_of(work, about.out_refund_no):
            refunding.hear_of_refund(work, about)


def receive(work: Work, payment: Payment, attempt_id: UUID, paid: ProviderPayment) -> None:
    """Decide what becomes of money. The caller holds the payment's lock, so that it is decided once."""
    capture = _capture(work, payment, attempt_id, paid)
    if not work.captures.add(capture):
        return
    metrics.money.labels(capture.standing).inc()
    if capture.standing is Standing.KEPT:
        _keep(work, payment, capture)
    else:
        _give_back(work, payment, capture)
    standing = contract.Standing(capture.standing)
    work.say(captured(payment, capture.amount, standing=standing, at=capture.captured_at))
    answer_all(work, payment)


def settle_query(
    work: Work, call: Call, answer: ProviderPayment | ProviderRefused | ProviderSilent | None
) -> None:
    """The provider said how a payment stands that we have heard nothing of."""
    payment = work.payments.lock(call.payment_id)
    assert payment is not None
    if isinstance(answer, ProviderPayment) and answer.state is PaymentState.PAID:
        work.calls.rest(call.key, CallKind.QUERY)
        receive(work, payment, call.key, answer)
    elif payment.decided:
        work.calls.rest(call.key, CallKind.QUERY)
    elif work.now >= payment.expires_at or _closed(answer):
        work.calls.rest(call.key, CallKind.QUERY)
        work.calls.ask(CallKind.CLOSE, call.key, payment.payment_id, at=work.now)
    else:
        later = min(work.now + pause(call, first_query()), payment.expires_at)
        work.calls.postpone(call, later, str(answer) if isinstance(answer, Exception) else None)


@contextmanager
def _following_request_of(work: Work, number: str) -> Iterator[None]:
    """A report comes in a request of its own; what follows from it belongs to the one that asked the provider."""
    key, report = id_of(number), trace.current()
    request = key and work.calls.request_of(key)
    if not request:
        yield
        return
    links = [report.traceparent] if report else []
    with trace.following(request), spans.span("payments.reported", links=links):
        yield


def _closed(answer: object) -> bool:
    return isinstance(answer, ProviderPayment) and answer.state is PaymentState.CLOSED


def _hear_of_payment(work: Work, about: ProviderPayment) -> None:
    attempt_id = id_of(about.out_trade_no)
    payment = work.payments.lock_of_attempt(attempt_id) if attempt_id else None
    if payment is None or attempt_id is None:
        raise UnknownPayment
    if about.state is PaymentState.PAID:
        receive(work, payment, attempt_id, about)


def _capture(work: Work, payment: Payment, attempt_id: UUID, paid: ProviderPayment) -> Capture:
    assert paid.transaction_id is not None
    assert paid.amount is not None
    return Capture(
        capture_id=new_id(),
        provider=payment.method,
        transaction_id=paid.transaction_id,
        payment_id=payment.payment_id,
        attempt_id=attempt_id,
        amount=paid.amount,
        standing=payment.standing_of(attempt_id, paid.amount),
        captured_at=paid.paid_at or work.now,
    )


def _keep(work: Work, payment: Payment, capture: Capture) -> None:
    payment.capture(capture.captured_at)
    work.payments.save(payment)
    work.books.post(ledger.kept(capture.capture_id, payment))
    work.calls.rest(capture.attempt_id, CallKind.QUERY)


def _give_back(work: Work, payment: Payment, capture: Capture) -> None:
    observe.log.warning(
        "money returns",
        payment_id=str(payment.payment_id),
        state=payment.state,
        capture_id=str(capture.capture_id),
    )
    work.books.post(ledger.returned(capture.capture_id, payment, capture.amount))
    refunding.start(work, payment, refund_of(capture, work.now))


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
