"""The procedures of the provider calls that make a refund, and that ask how one stands."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from payments.providers.front import (
    Call,
    CallKind,
    PreparedCall,
    Procedure,
    Procedures,
    ProviderRefund,
    Registry,
    number_of,
    prepared,
)
from payments.refunding.model.refunds import Refund
from payments.refunding.use_cases.attempts import settle_query_refund, settle_refund
from payments.taking.front import Capture, Payment
from payments.work import Work


def prepare_refund(work: Work, call: Call) -> PreparedCall:
    """Ask the provider for the refund, under the attempt's number."""
    payment = _payment(work, call)
    attempt = work.refund_attempts.find(call.key)
    refund = work.refunds.find(attempt.refund_id) if attempt else None
    capture = work.captures.find(refund.capture_id) if refund and refund.capture_id else None
    number = number_of(call.key)
    return _ready(work, call, payment, lambda registry: _refund(registry, number, payment, refund, capture))


def prepare_query_refund(work: Work, call: Call) -> PreparedCall:
    """Ask the provider how the refund with the attempt's number stands."""
    number, payment = number_of(call.key), _payment(work, call)
    return _ready(work, call, payment, lambda registry: registry.adapter(payment.provider).query_refund(number))


def _refund(
    registry: Registry, number: str, payment: Payment, refund: Refund | None, paid: Capture | None
) -> ProviderRefund | None:
    assert refund is not None
    if refund.decided:  # by hand, or under another number
        return None
    attempt_id = paid.attempt_id if paid else payment.attempt_id
    assert attempt_id is not None
    whole = paid.amount if paid else payment.amount
    provider = registry.refunder(payment.provider, refund.amount, whole)
    return provider.refund(number, number_of(attempt_id), refund.amount, whole, refund.reason)


def _payment(work: Work, call: Call) -> Payment:
    payment = work.payments.find(call.payment_id)
    assert payment is not None
    return payment


def _ready(work: Work, call: Call, payment: Payment, make: Callable[[Registry], Any]) -> PreparedCall:
    return prepared(call, payment.provider, payment.checkout_id, work.providers, make)


PROCEDURES: Procedures = {
    CallKind.REFUND: Procedure(prepare=prepare_refund, settle=settle_refund, longest_pause=timedelta(hours=1)),
    CallKind.QUERY_REFUND: Procedure(
        prepare=prepare_query_refund, settle=settle_query_refund, longest_pause=timedelta(minutes=30)
    ),
}
