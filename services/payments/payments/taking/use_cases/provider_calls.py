"""The procedures of the provider calls that open, query and close a payment."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from payments.providers.front import (
    Call,
    CallKind,
    CloseResult,
    PreparedCall,
    Procedure,
    Procedures,
    Provider,
    ProviderPayment,
    Registry,
    number_of,
    prepared,
)
from payments.taking.model.payment import Payment, State
from payments.taking.use_cases import cancelling, capturing, opening
from payments.work import Work
from shared.contracts.payments import PayAction

MakeCall = Callable[[Provider, str, Payment], Any]  # with the payment's number at the provider


def _open(provider: Provider, number: str, payment: Payment) -> PayAction | None:
    if payment.state is not State.OPENING:  # cancelled, or even paid, before this call
        return None
    return provider.open(number, payment.description, payment.amount, payment.expires_at)


def _query(provider: Provider, number: str, _payment: Payment) -> ProviderPayment | None:
    return provider.query(number)


def _close(provider: Provider, number: str, _payment: Payment) -> CloseResult | ProviderPayment | None:
    closing = provider.close(number)
    return provider.query(number) if closing is CloseResult.PAID else closing


def _prepared_for(make_call: MakeCall) -> Callable[[Work, Call], PreparedCall]:
    def prepare(work: Work, call: Call) -> PreparedCall:
        payment = work.payments.find(call.payment_id)
        assert payment is not None

        def make(registry: Registry) -> Any:
            return make_call(registry.adapter(payment.provider), number_of(call.key), payment)

        return prepared(call, payment.provider, payment.checkout_id, work.providers, make)

    return prepare


def _read(work: Work, calls: Sequence[Call]) -> None:
    work.payments.read_in_advance({call.payment_id for call in calls})


def _lock(work: Work, calls: Sequence[Call]) -> None:
    payment_ids = {call.payment_id for call in calls}
    work.payments.lock_in_advance(payment_ids)
    work.unanswered.read_in_advance(payment_ids)


PROCEDURES: Procedures = {
    CallKind.OPEN: Procedure(
        prepare=_prepared_for(_open),
        settle=opening.settle_open,
        before_preparing=_read,
        before_settling=_lock,
        longest_pause=timedelta(seconds=10),
    ),
    CallKind.QUERY: Procedure(
        prepare=_prepared_for(_query), settle=capturing.settle_query, longest_pause=timedelta(minutes=5)
    ),
    CallKind.CLOSE: Procedure(
        prepare=_prepared_for(_close), settle=cancelling.settle_close, longest_pause=timedelta(minutes=5)
    ),
}
