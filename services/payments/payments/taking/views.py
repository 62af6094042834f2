"""Views of payments, captures and unidentified money."""

from collections.abc import Mapping
from typing import Any

from payments.providers.front import Declaration, ServedMethod
from payments.taking.model.captures import Capture
from payments.taking.model.lines import Line
from payments.taking.model.parts import Part
from payments.taking.model.payment import Payment, State
from payments.taking.model.unidentified import Unidentified
from shared.contracts.payments import (
    CurrentPayment,
    DiscountShares,
    Method,
    NoAction,
    Standing,
    finding,
    payment_methods,
    views,
)
from shared.money import Money

Row = Mapping[str, Any]


def payment(shown: Payment) -> views.Payment:
    """A payment for its buyer; it has a pay action while it can be paid."""
    return views.Payment(
        payment_id=shown.payment_id,
        checkout_id=shown.checkout_id,
        state=views.PaymentState(shown.state),
        method=Method(shown.method),
        amount=shown.amount,
        pay_action=shown.pay_action if shown.state is State.OPEN else NoAction(),
        expires_at=shown.expires_at,
        captured_at=shown.captured_at,
        reason=shown.reason,
    )


def current(shown: Payment) -> CurrentPayment:
    """A payment with its buyer and version, for an event."""
    return CurrentPayment(buyer_id=shown.buyer_id, version=shown.version, payment=payment(shown))


def payment_method(shown: ServedMethod) -> payment_methods.PaymentMethod:
    """A payment method for shoppers."""
    return payment_methods.PaymentMethod(method=Method(shown.name), title=shown.title, action=shown.action)


def payment_method_details(
    provider: Declaration,
    shown: ServedMethod,
    enabled: bool,  # noqa: FBT001 - Registry.methods() yields the three together
) -> payment_methods.PaymentMethodDetails:
    """A payment method for operators."""
    return payment_methods.PaymentMethodDetails(
        **vars(payment_method(shown)),
        **vars(provider.capabilities),
        provider=provider.name,
        custody=payment_methods.Custody(provider.custody),
        collection=payment_methods.Collection(provider.collection),
        enabled=enabled,
        offered=shown.offered,
    )


def part(shown: Part) -> views.PaymentPart:
    """One order's share of a payment."""
    return views.PaymentPart(
        order_id=shown.order_id,
        shop_id=shown.shop_id,
        amount=shown.amount,
        receivable=shown.receivable,
        captured=shown.captured,
        refunded=shown.refunded,
        written_off=shown.written_off,
        lines=tuple(map(_line, shown.lines)),
    )


def _line(shown: Line) -> views.PaymentLine:
    return views.PaymentLine(
        line_id=shown.line_id,
        kind=shown.kind,
        category=shown.category,
        quantity=shown.quantity,
        paid=shown.paid,
        tax=shown.tax,
        discount=DiscountShares(shop=shown.shop_discount, platform=shown.platform_discount),
        refunded_quantity=shown.refunded_quantity,
        refunded=shown.refunded,
    )


def capture(shown: Capture) -> views.Capture:
    """A capture of a payment."""
    return views.Capture(
        capture_id=shown.capture_id,
        provider=shown.provider,
        transaction_id=shown.transaction_id,
        attempt_id=shown.attempt_id,
        amount=shown.amount,
        standing=Standing(shown.standing),
        captured_at=shown.captured_at,
    )


def unidentified(shown: Unidentified, settlement: views.ManualSettlement | None) -> views.UnidentifiedMoney:
    """Unidentified money with its settlement by hand."""
    return views.UnidentifiedMoney(
        unidentified_id=shown.unidentified_id,
        kind=views.UnidentifiedKind(shown.kind),
        why=views.UnidentifiedReason(shown.why),
        provider=shown.provider,
        number=shown.number,
        out_trade_no=shown.out_trade_no,
        provider_number=shown.provider_number,
        amount=shown.amount,
        happened_at=shown.happened_at,
        booked_at=shown.booked_at,
        state=views.UnidentifiedState(shown.state),
        settlement=settlement,
    )


def found(row: Row) -> finding.FoundPayment:
    """A payment that was found by one of its numbers, from its row."""
    same = ("payment_id", "checkout_id", "provider", "created_at", "captured_at")
    return finding.FoundPayment(
        found_by=finding.FoundBy(row["found_by"]),
        order_ids=tuple(row["order_ids"]),
        state=views.PaymentState(row["state"]),
        method=Method(row["method"]),
        amount=Money(row["amount"], row["currency"]),
        **{name: row[name] for name in same},
    )


def notification(row: Row) -> views.PaymentNotification:
    """A provider's notification about a payment, from its row."""
    same = ("event_id", "provider", "received_at", "tries", "outcome")
    kind = views.NotificationKind(row["kind"]) if row["kind"] else None
    return views.PaymentNotification(kind=kind, due_at=row["process_at"], **{name: row[name] for name in same})
