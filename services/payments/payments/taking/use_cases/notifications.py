"""The providers' notifications: stored first, then processed in another transaction, which is retried."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from payments import metrics
from payments.providers.front import (
    ForgedNotification,
    Notification,
    PaymentState,
    ProviderPayment,
    ProviderRefund,
    Registry,
    id_of,
)
from payments.refunding import front as refunding
from payments.taking.model.notifications import Forged, Key, PaymentProviderNotFound, Report
from payments.taking.model.unidentified import Reason
from payments.taking.use_cases import capturing
from payments.taking.use_cases.unidentified import book_unidentified_receipt, book_unidentified_refund
from payments.work import Work
from shared import observe, spans, trace
from shared.contracts.payments import views
from shared.contracts.payments.requests import ReceiveProviderNotification
from shared.db import OpenWork

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
AT_ONCE = 100  # notifications in one round


def receive(
    open_work: OpenWork[Work], registry: Registry, requested: ReceiveProviderNotification
) -> views.NotificationReceived:
    """Store a notification and return the response that its provider expects; a repeated one changes nothing.

    Raises PaymentProviderNotFound, Forged.
    """
    provider = registry.enabled(requested.provider)
    if provider is None or not provider.capabilities.notifications:
        raise PaymentProviderNotFound
    try:
        notification = registry.adapter(provider.name).read_notification(requested.headers, requested.body)
    except ForgedNotification as forged:
        metrics.forged.inc()
        observe.log.warning("forged notification", why=str(forged))
        raise Forged from forged
    take_in(open_work, provider.name, notification)
    return views.NotificationReceived(**vars(provider.acknowledgement))


def take_in(open_work: OpenWork[Work], provider: str, notification: Notification) -> None:
    """Store and process a genuine notification; once it is stored, the provider need not send it again."""
    with open_work() as work:
        work.notifications.add(provider, notification, at=work.now)
    judge(open_work, (provider, notification.id))


def judge_waiting(open_work: OpenWork[Work]) -> None:
    """Process stored notifications whose processing failed or whose process died."""
    with open_work() as work:
        waiting = work.notifications.waiting(work.now, AT_ONCE)
    for key in waiting:
        judge(open_work, key)


def judge(open_work: OpenWork[Work], key: Key) -> None:
    """Process a stored notification, once."""
    try:
        with open_work() as work:
            report = work.notifications.lock(key)
            if report:
                work.notifications.judged(key, judged(work, key[0], report.about))
    except Exception:  # noqa: BLE001 - it is stored and will be retried
        observe.log.exception("notification not processed", provider=key[0], event_id=key[1])
        _postpone(open_work, key)


def judged(work: Work, provider: str, about: ProviderPayment | ProviderRefund | None) -> str:
    """Process what a notification is about; returns the outcome as a stable code."""
    if about is None:
        metrics.unreadable.inc()
        return "unreadable"
    number = about.out_trade_no if isinstance(about, ProviderPayment) else about.out_refund_no
    with _following_request_of(work, number):
        if isinstance(about, ProviderPayment):
            return _payment(work, provider, about)
        return _refund(work, provider, about)


def _payment(work: Work, provider: str, about: ProviderPayment) -> str:
    attempt_id = id_of(about.out_trade_no)
    payment = work.payments.lock_of_attempt(attempt_id) if attempt_id else None
    if about.state is not PaymentState.PAID:
        return "nothing_moved"
    if payment is None or attempt_id is None or payment.provider != provider:
        book_unidentified_receipt(work, provider, about, Reason.ORDER_NOT_FOUND)
        return "unidentified"
    return capturing.receive(work, payment, attempt_id, about)


def _refund(work: Work, provider: str, about: ProviderRefund) -> str:
    attempt_id = id_of(about.out_refund_no)
    known = work.refund_attempts.find(attempt_id) if attempt_id else None
    named = work.refunds.find(known.refund_id) if known else None
    payment = work.payments.find(named.payment_id) if named else None
    if known is None or payment is None or payment.provider != provider:
        book_unidentified_refund(work, provider, about, Reason.REFUND_NOT_FOUND)
        return "unidentified"
    refunding.follow(work, *refunding.locked_attempt(work, payment.payment_id, known.attempt_id), about)
    return "taken"


def _postpone(open_work: OpenWork[Work], key: Key) -> None:
    with open_work() as work:
        report: Report | None = work.notifications.lock(key)
        if report:
            wait = min(FIRST_PAUSE * 2 ** min(report.tries, 20), LONGEST_PAUSE)
            work.notifications.postpone(key, work.now + wait, report.tries + 1)


@contextmanager
def _following_request_of(work: Work, number: str) -> Iterator[None]:
    """Continue the trace of the request that called the provider, linked to the notification's own request."""
    key, report = id_of(number), trace.current()
    request = key and work.calls.request_of(key)
    if not request:
        yield
        return
    links = [report.traceparent] if report else []
    with trace.following(request), spans.span("payments.reported", links=links):
        yield
