"""The replies to commands, made from what is stored, so that a repeated command gets the same reply.

The change of a payment itself is published once, by `publish_state`.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from payments.providers.front import Collection
from payments.taking import views
from payments.taking.model.payment import Payment, State
from payments.taking.model.unanswered import CommandKind, UnansweredCommand
from payments.work import Work
from shared import trace
from shared.contracts import payments as contract
from shared.money import Money
from shared.trace import Trace, following

Changed = (
    contract.PaymentOpened
    | contract.PaymentAuthorized
    | contract.PaymentCaptured
    | contract.PaymentRefused
    | contract.PaymentCancelled
)


def to_open(payment: Payment) -> Changed | None:
    """The reply to OpenPayment, or None while it is undecided."""
    if payment.state in (State.FAILED, State.CANCELLED):
        return _refused(payment)
    if payment.collection is Collection.AT_DELIVERY:
        return _authorized(payment)
    if payment.state is State.CAPTURED:
        return captured(payment, payment.amount)
    return _opened(payment) if payment.state is State.OPEN else None


def to_cancel(payment: Payment) -> Changed | None:
    """The reply to CancelPayment: cancelled, or captured before; None while it is undecided."""
    if payment.state in (State.CANCELLED, State.FAILED):
        return _cancelled(payment)
    if payment.state is State.CAPTURED or payment.taken:
        return captured(payment, payment.taken)
    return None


def captured(
    payment: Payment,
    amount: Money,
    *,
    at: datetime | None = None,
    standing: contract.Standing = contract.Standing.KEPT,
    order_id: UUID | None = None,
) -> contract.PaymentCaptured:
    """The event that money was received; kept by default."""
    captured_at = at or payment.captured_at
    assert captured_at is not None
    return contract.PaymentCaptured(
        payment_id=payment.payment_id,
        checkout_id=payment.checkout_id,
        order_id=order_id,
        amount=amount,
        standing=standing,
        captured_at=captured_at,
    )


def publish_state(work: Work, payment: Payment) -> None:
    """Publish the new state of a payment: open, authorized, captured as zero, refused or cancelled."""
    if payment.state is State.CANCELLED:
        publish(work, payment, _cancelled(payment))
    elif event := to_open(payment):
        publish(work, payment, event)


def publish(work: Work, payment: Payment, event: Changed) -> None:
    """Publish a change of a stored payment, with the payment as it is now. Replies do not need it."""
    work.publish(replace(event, current=views.current(payment)))


def reply_or_store(work: Work, payment: Payment, kind: CommandKind) -> None:
    """Reply to the command that is being handled, or store it until its reply is decided."""
    reply = _reply(kind, payment)
    if work.cause is None:
        return
    if reply:
        work.reply(reply)
    else:
        command = UnansweredCommand(
            message_id=work.cause.message_id,
            requester=work.cause.source,
            kind=kind,
            payment_id=payment.payment_id,
            correlation_id=work.cause.correlation_id,
            traceparent=work.trace_of(work.cause).traceparent,
            requested_at=work.now,
        )
        work.unanswered.add(command)


def reply_to_all(work: Work, payment: Payment) -> int:
    """Reply to the stored commands whose reply is decided now; returns their number."""
    decided = [kind for kind in CommandKind if _reply(kind, payment)]
    commands = work.unanswered.take(payment.payment_id, *decided) if decided else []
    for command in commands:
        reply = _reply(command.kind, payment)
        with following(_request_of(command)):
            if reply:
                work.reply(reply, to=command.message_id, requester=command.requester)
    return len(commands)


def _request_of(command: UnansweredCommand) -> Trace:
    """The trace that a command belongs to; the current one if it has the same correlation id."""
    followed = trace.current()
    if followed and followed.correlation_id == command.correlation_id:
        return followed
    return Trace(command.correlation_id, command.traceparent)


def _reply(kind: CommandKind, payment: Payment) -> Changed | None:
    return to_open(payment) if kind is CommandKind.OPEN else to_cancel(payment)


def _authorized(payment: Payment) -> contract.PaymentAuthorized:
    return contract.PaymentAuthorized(
        payment_id=payment.payment_id, checkout_id=payment.checkout_id, amount=payment.amount
    )


def _cancelled(payment: Payment) -> contract.PaymentCancelled:
    return contract.PaymentCancelled(payment_id=payment.payment_id, checkout_id=payment.checkout_id)


def _opened(payment: Payment) -> contract.PaymentOpened:
    return contract.PaymentOpened(
        payment_id=payment.payment_id,
        checkout_id=payment.checkout_id,
        method=contract.Method(payment.method),
        amount=payment.amount,
        pay_action=payment.pay_action,
        expires_at=payment.expires_at,
    )


def _refused(payment: Payment) -> contract.PaymentRefused:
    assert payment.reason is not None
    return contract.PaymentRefused(
        payment_id=payment.payment_id, checkout_id=payment.checkout_id, reason=payment.reason
    )
