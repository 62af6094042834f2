"""The procedures of the provider calls that make and query refunds."""

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
from payments.refunding.use_cases import attempts
from payments.refunding.use_cases.attempts import settle_query_refund, settle_refund
from payments.taking.front import Payment
from payments.work import Work


def prepare_refund(work: Work, call: Call) -> PreparedCall:
    """Prepare the request of the refund, under the attempt's number."""
    payment = _payment(work, call)
    attempt = work.refund_attempts.find(call.key)
    refund = work.refunds.find(attempt.refund_id) if attempt else None
    assert refund is not None
    number, paid_under = number_of(call.key), attempts.paid_under(work, payment, refund)
    whole = attempts.whole_of(work, payment, refund)

    def send(registry: Registry) -> ProviderRefund | None:
        if refund.decided:  # by hand, or under another number
            return None
        provider = registry.adapter(payment.provider)
        return provider.refund(number, paid_under, refund.amount, whole, refund.reason)

    return _ready(work, call, payment, send)


def prepare_query_refund(work: Work, call: Call) -> PreparedCall:
    """Prepare the query of the refund with the attempt's number."""
    number, payment = number_of(call.key), _payment(work, call)
    return _ready(work, call, payment, lambda registry: registry.adapter(payment.provider).query_refund(number))


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
