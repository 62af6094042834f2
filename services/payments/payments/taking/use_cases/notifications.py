"""The providers' notifications: stored first, then processed in another transaction, which is retried."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from payments import metrics
from payments.providers.front import (
    Declaration,
    ForgedNotification,
    Notification,
    PaymentState,
    ProviderPayment,
    ProviderRefund,
    Registry,
    id_of,
)
from payments.refunding import front as refunding
from payments.taking.model.notifications import Forged, Key, PaymentProviderNotFound, StoredNotification
from payments.taking.model.unidentified import Reason
from payments.taking.use_cases import capturing
from payments.taking.use_cases.unidentified import book_unidentified_receipt, book_unidentified_refund
from payments.work import Work
from shared import observe, spans, trace
from shared.contracts.payments import views
from shared.contracts.payments.requests import ReceiveProviderNotification
from shared.db import OpenWork

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
BATCH_SIZE = 100  # notifications of a transaction


@dataclass(frozen=True)
class Received:
    """A genuine notification, not yet stored."""

    provider: Declaration
    notification: Notification


def read(registry: Registry, requested: ReceiveProviderNotification) -> Received:
    """Check and decrypt a notification. Raises PaymentProviderNotFound, Forged."""
    provider = registry.enabled(requested.provider)
    if provider is None or not provider.capabilities.notifications:
        raise PaymentProviderNotFound
    try:
        notification = registry.adapter(provider.name).read_notification(requested.headers, requested.body)
    except ForgedNotification as forged:
        metrics.forged.inc()
        observe.log.warning("forged notification", why=str(forged))
        raise Forged from forged
    return Received(provider, notification)


def store(work: Work, received: Received) -> views.NotificationReceived:
    """Store a notification and return the response that its provider expects; a repeated one changes nothing.

    Once it is stored, the provider need not send it again.
    """
    known = trace.current()
    traceparent = known.traceparent if known else None
    work.notifications.add(received.provider.name, received.notification, at=work.now, traceparent=traceparent)
    return views.NotificationReceived(**vars(received.provider.acknowledgement))


def process_waiting(open_work: OpenWork[Work]) -> int:
    """Process the stored notifications in batches; if one fails, each notification of its batch alone.

    Returns the number of the last batch. Raises what prevents reading them.
    """
    while True:
        due: list[StoredNotification] = []
        try:
            _process_some(open_work, due)
        except Exception as failure:
            if not due:
                raise
            observe.log.warning("notifications are processed one by one", error=repr(failure))
            for stored in due:
                process(open_work, stored.key)
        if len(due) < BATCH_SIZE:
            return len(due)


def _process_some(open_work: OpenWork[Work], due: list[StoredNotification]) -> None:
    """Process notifications in one transaction, after adding them to `due`."""
    with open_work() as work:
        due += work.notifications.lock_due(work.now, BATCH_SIZE)
        if len(due) > 1:
            _read_in_advance(work, due)
        for stored in due:
            _finish(work, stored)


def _read_in_advance(work: Work, due: Sequence[StoredNotification]) -> None:
    """Lock and read at once the payments that are reported as paid, and what belongs to them."""
    reports = [(stored.key[0], stored.about) for stored in due if isinstance(stored.about, ProviderPayment)]
    attempt_ids = {known for _, about in reports if (known := id_of(about.out_trade_no))}
    work.calls.read_requests_in_advance(attempt_ids)
    payments = work.payments.lock_attempts_in_advance(attempt_ids)
    work.captures.look_up_in_advance(
        {(name, about.transaction_id) for name, about in reports if about.transaction_id}
    )
    work.unanswered.read_in_advance(payments)


def process(open_work: OpenWork[Work], key: Key) -> None:
    """Process a stored notification, once."""
    try:
        with open_work() as work:
            stored = work.notifications.lock(key)
            if stored:
                _finish(work, stored)
    except Exception:  # noqa: BLE001 - it is stored and will be retried
        observe.log.exception("notification not processed", provider=key[0], event_id=key[1])
        _postpone(open_work, key)


def _finish(work: Work, stored: StoredNotification) -> None:
    outcome = process_content(work, stored.key[0], stored.about, traceparent=stored.traceparent)
    work.notifications.finish(stored.key, outcome)


def process_content(
    work: Work, provider: str, about: ProviderPayment | ProviderRefund | None, *, traceparent: str | None = None
) -> str:
    """Process what a notification is about; returns the outcome as a stable code."""
    if about is None:
        metrics.unreadable.inc()
        return "unreadable"
    number = about.out_trade_no if isinstance(about, ProviderPayment) else about.out_refund_no
    with _following_request_of(work, number, traceparent):
        if isinstance(about, ProviderPayment):
            return _payment(work, provider, about)
        return _refund(work, provider, about)


def _payment(work: Work, provider: str, about: ProviderPayment) -> str:
    attempt_id = id_of(about.out_trade_no)
    payment = work.payments.lock_of_attempt(attempt_id) if attempt_id else None
    if about.state is not PaymentState.PAID:
        return "no_money_moved"
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
    return "applied"


def _postpone(open_work: OpenWork[Work], key: Key) -> None:
    with open_work() as work:
        stored: StoredNotification | None = work.notifications.lock(key)
        if stored:
            wait = min(FIRST_PAUSE * 2 ** min(stored.tries, 20), LONGEST_PAUSE)
            work.notifications.postpone(key, work.now + wait, stored.tries + 1)


@contextmanager
def _following_request_of(work: Work, number: str, notified: str | None) -> Iterator[None]:
    """Continue the trace of the request that called the provider, linked to the notification's own request."""
    key = id_of(number)
    request = key and work.calls.request_of(key)
    if not request:
        yield
        return
    with trace.following(request), spans.span("payments.reported", links=[notified] if notified else []):
        yield
