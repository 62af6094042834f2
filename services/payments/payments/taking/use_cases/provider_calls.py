"""The procedures of the provider calls that open, query and close a payment."""

from collections.abc import Callable
from typing import Any

from payments.providers.front import (
    Call,
    CallKind,
    Closing,
    Procedure,
    Procedures,
    Provider,
    ProviderCall,
    ProviderPayment,
    number_of,
)
from payments.taking.model.payment import Payment, State
from payments.taking.use_cases import cancelling, capturing, opening
from payments.work import Work
from shared.contracts.payments import PayAction

Ask = Callable[[Provider, str, Payment], Any]  # the number is the one by which the provider knows the payment


def _open(provider: Provider, number: str, payment: Payment) -> PayAction | None:
    if payment.state is not State.OPENING:  # cancelled, or even paid, before it was asked for
        return None
    return provider.open(number, payment.description, payment.amount, payment.expires_at)


def _query(provider: Provider, number: str, _payment: Payment) -> ProviderPayment | None:
    return provider.query(number)


def _close(provider: Provider, number: str, _payment: Payment) -> Closing | ProviderPayment | None:
    closing = provider.close(number)
    return provider.query(number) if closing is Closing.PAID else closing


def _prepared_for(ask: Ask) -> Callable[[Work, Call], ProviderCall]:
    def prepare(work: Work, call: Call) -> ProviderCall:
        payment = work.payments.find(call.payment_id)
        assert payment is not None
        registry = work.providers
        return ProviderCall(
            call=call,
            method=payment.provider,
            checkout_id=payment.checkout_id,
            make=lambda _: ask(registry.adapter(payment.provider), number_of(call.key), payment),
        )

    return prepare


PROCEDURES: Procedures = {
    CallKind.OPEN: Procedure(_prepared_for(_open), opening.settle_open),
    CallKind.QUERY: Procedure(_prepared_for(_query), capturing.settle_query),
    CallKind.CLOSE: Procedure(_prepared_for(_close), cancelling.settle_close),
}
