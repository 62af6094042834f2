"""CancelPayment: one call to the provider, then a decision; money received later is refunded."""

from datetime import timedelta

from payments.providers.front import (
    Call,
    CallKind,
    CloseResult,
    PaymentState,
    ProviderPayment,
    ProviderRefused,
    ProviderSilent,
    pause,
)
from payments.taking.model.payment import Payment
from payments.taking.model.unanswered import CommandKind
from payments.taking.use_cases import capturing, cash
from payments.taking.use_cases.replies import publish_state, reply_or_store, reply_to_all, to_cancel
from payments.work import Work
from shared import settings
from shared.contracts.payments import CancelPayment, Method, PaymentReason
from shared.db import OpenWork
from shared.money import zero

DECIDE_WITHIN = timedelta(seconds=8)  # two less than promised, for the decision and the reply
Answer = CloseResult | ProviderPayment | ProviderRefused | ProviderSilent


def cancel_payment(work: Work, command: CancelPayment) -> None:
    """Cancel a payment; for an unknown one a tombstone is stored, so that it cannot be opened later."""
    payment = work.payments.lock(command.payment_id)
    was_decided = payment is not None and to_cancel(payment) is not None
    if payment is None:
        payment = _tombstone(work, command)
    elif not was_decided:
        _begin(work, payment)
    reply_or_store(work, payment, CommandKind.CANCEL)
    if payment.decided and not was_decided:
        publish_state(work, payment)


def settle_close(work: Work, call: Call, answer: Answer) -> None:
    """Handle the result of a close call; without a response the payment is cancelled and the call retried."""
    payment = work.payments.lock(call.payment_id)
    assert payment is not None
    if isinstance(answer, ProviderPayment) and answer.state is PaymentState.PAID:
        work.calls.finish(call.key, CallKind.CLOSE)
        capturing.receive(work, payment, call.key, answer)
        if not answer.ours:
            decide(work, payment)
    elif isinstance(answer, CloseResult | ProviderPayment):
        work.calls.finish(call.key, CallKind.CLOSE)
        decide(work, payment)
    else:
        work.calls.postpone(call, work.now + pause(call), str(answer))
        if work.unanswered.is_cancelling(payment.payment_id):
            decide(work, payment)


def decide(work: Work, payment: Payment) -> None:
    """Cancel a payment unless it is decided, and reply to the commands that wait."""
    undecided = to_cancel(payment) is None
    if undecided:
        by_command = work.unanswered.is_cancelling(payment.payment_id)
        payment.cancel(PaymentReason.CANCELLED if by_command else PaymentReason.EXPIRED)
        work.payments.save(payment)
        if payment.attempt_id:
            work.calls.finish(payment.attempt_id, CallKind.QUERY)
    reply_to_all(work, payment)
    if undecided:
        publish_state(work, payment)


def decide_overdue(open_work: OpenWork[Work]) -> None:
    """Decide without the provider where it has not responded in time."""
    with open_work() as work:
        overdue = work.unanswered.overdue_cancels(work.now - DECIDE_WITHIN)
    for payment_id in overdue:
        with open_work() as work:
            payment = work.payments.lock(payment_id)
            assert payment is not None
            decide(work, payment)


def _begin(work: Work, payment: Payment) -> None:
    if payment.attempt_id:
        work.calls.request(CallKind.CLOSE, payment.attempt_id, payment.payment_id, at=work.now)
        return
    cash.write_off(work, payment)
    payment.cancel(PaymentReason.CANCELLED)
    work.payments.save(payment)


def _tombstone(work: Work, command: CancelPayment) -> Payment:
    payment = Payment(
        payment_id=command.payment_id,
        checkout_id=command.checkout_id,
        buyer_id=None,
        method=Method.NOTHING,
        provider=work.providers.nothing.name,
        collection=work.providers.nothing.collection,
        amount=zero(settings.text("CURRENCY", "CNY")),
        description="",
        expires_at=work.now,
        created_at=work.now,
    )
    payment.cancel(PaymentReason.CANCELLED)
    work.payments.add(payment)
    return payment
