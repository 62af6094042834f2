"""OpenPayment: creates a payment and opens it at the provider."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from payments.providers.front import Call, CallKind, Declaration, ProviderRefused, ProviderSilent, pause
from payments.taking.model.parts import Part
from payments.taking.model.payment import Payment, State
from payments.taking.model.unanswered import CommandKind
from payments.taking.use_cases import part_lines
from payments.taking.use_cases.replies import publish_state, reply_or_store, reply_to_all
from payments.work import Work
from shared import settings
from shared.contracts.payments import OpenPayment, PayAction, PaymentReason
from shared.money import total, zero

Answer = PayAction | ProviderRefused | ProviderSilent


def lock_in_advance(work: Work, commands: Sequence[OpenPayment]) -> None:
    """Lock and read at once the payments of several commands that exist already."""
    work.payments.lock_in_advance({command.payment_id for command in commands})


def open_payment(work: Work, command: OpenPayment) -> None:
    """Create a payment, once; the reply to a repeated command follows from its state."""
    known = work.payments.lock(command.payment_id)
    payment = known or _begin(work, command)
    reply_or_store(work, payment, CommandKind.OPEN)
    if not known:
        publish_state(work, payment)


def settle_open(work: Work, call: Call, answer: Answer) -> None:
    """Handle the result of an open call: a pay action, a refusal or no response."""
    payment = work.payments.lock(call.payment_id)
    assert payment is not None
    if payment.state is not State.OPENING:
        _close_late_opening(work, call, payment)
    elif isinstance(answer, ProviderSilent) and work.now < payment.expires_at:
        work.calls.postpone(call, work.now + pause(call), str(answer))
    elif isinstance(answer, ProviderRefused) and answer.is_at_the_provider:  # the query decides
        work.calls.finish(call.key, CallKind.OPEN)
        work.calls.request(CallKind.QUERY, call.key, payment.payment_id, at=work.now)
    else:
        _decide(work, call, payment, answer)
        reply_to_all(work, payment)
        publish_state(work, payment)


def _close_late_opening(work: Work, call: Call, payment: Payment) -> None:
    """Close what the provider may have opened after the payment was decided.

    If an earlier try of this call has opened the payment, it is not closed: the shopper may be about to pay.
    """
    work.calls.finish(call.key, CallKind.OPEN)
    if payment.state not in (State.OPEN, State.CAPTURED):
        work.calls.request(CallKind.CLOSE, call.key, payment.payment_id, at=work.now)


def _decide(work: Work, call: Call, payment: Payment, answer: Answer) -> None:
    work.calls.postpone(call, None, str(answer) if isinstance(answer, Exception) else None)
    if isinstance(answer, PayAction):
        payment.open(answer)
        work.calls.request(CallKind.QUERY, call.key, payment.payment_id, at=work.now + first_query())
    else:
        payment.fail(_reason(answer))
        work.calls.request(CallKind.CLOSE, call.key, payment.payment_id, at=work.now)
    work.payments.save_state(payment)


def _reason(answer: ProviderRefused | ProviderSilent) -> PaymentReason:
    return PaymentReason(answer.failure) if isinstance(answer, ProviderRefused) else PaymentReason.PROVIDER_SILENT


def first_query() -> timedelta:
    """The time until an open payment without a notification is queried for the first time."""
    return timedelta(seconds=settings.number("PAYMENT_QUERY_AFTER", 5))


def _begin(work: Work, command: OpenPayment) -> Payment:
    serving = work.providers.serving(command.method, command.amount)
    payment = _payment(command, serving or work.providers.nothing, work.now)
    refusal = _refusal(work, command)
    if refusal:
        _refuse(payment, refusal)
    else:
        payment.begin(work.now)
    work.payments.add(payment)
    if payment.attempt_id:
        work.calls.request(CallKind.OPEN, payment.attempt_id, payment.payment_id, at=work.now)
    return payment


def _refuse(payment: Payment, reason: PaymentReason) -> None:
    """Store only the refusal: the amounts of the command may be invalid."""
    payment.fail(reason)
    payment.parts = []
    payment.amount = max(payment.amount, zero(payment.amount.currency))


def _payment(command: OpenPayment, serving: Declaration, now: datetime) -> Payment:
    return Payment(
        payment_id=command.payment_id,
        checkout_id=command.checkout_id,
        buyer_id=command.buyer_id,
        method=command.method,
        provider=serving.name,
        collection=serving.collection,
        amount=command.amount,
        description=command.description,
        expires_at=now + timedelta(seconds=command.pay_within),
        created_at=now,
        parts=[
            Part.unpaid(part.order_id, part.shop_id, part.amount, part_lines.kept(part)) for part in command.parts
        ],
    )


def _refusal(work: Work, command: OpenPayment) -> PaymentReason | None:
    """Why this payment cannot be made, or None."""
    deadline = work.cause.not_after if work.cause else None
    serving = work.providers.serving(command.method, command.amount)
    reasons = {
        "too_late": deadline is not None and work.now > deadline,
        "no_time_to_pay": command.pay_within <= 0,
        "currency_not_supported": command.amount.currency != settings.text("CURRENCY", "CNY"),
        "parts_do_not_add_up": not _adds_up(command),
        "payment_method_switched_off": not work.switches.is_on(f"pay.{command.method}"),
        "payment_method_unavailable": serving is None,
        "method_does_not_fit": serving is work.providers.nothing and bool(command.amount),
    }
    return next((PaymentReason(code) for code, applies in reasons.items() if applies), None)


def _adds_up(command: OpenPayment) -> bool:
    amounts = [part.amount for part in command.parts]
    currencies = {amount.currency for amount in amounts} | {command.amount.currency}
    orders = {part.order_id for part in command.parts}
    return (
        len(currencies) == 1
        and len(orders) == len(amounts) > 0
        and min(amount.amount for amount in amounts) >= 0
        and total(amounts, command.amount.currency) == command.amount
        and all(map(part_lines.add_up, command.parts))
    )
