"""Commands and events with defaults, so that a test names only what matters to it."""

from datetime import UTC, datetime, timedelta

from payments.providers.declaration import Collection
from payments.taking.model.parts import Part
from payments.taking.model.payment import Payment
from payments.taking.use_cases.part_lines import kept
from shared.contracts import orders, payments
from shared.ids import new_id
from shared.money import Money, total, zero


def yuan(amount):
    """An amount in CNY: `yuan(19.99)`."""
    return Money(round(amount * 100), "CNY")


def part(amount=Money(8800), **known):  # noqa: B008 - Money is immutable
    """A part with one line of products for the whole amount, unless its lines are given."""
    lines = (line(amount),)
    return payments.Part(**{"order_id": new_id(), "shop_id": new_id(), "amount": amount, "lines": lines, **known})


def line(paid, quantity=1, kind=payments.LineKind.GOODS, **known):
    """A line without a discount."""
    nothing = zero(paid.currency)
    usual = {
        "line_id": new_id(),
        "category": None,
        "tax": nothing,
        "discount": payments.DiscountShares(shop=nothing, platform=nothing),
    }
    return payments.PartLine(**{**usual, "paid": paid, "quantity": quantity, "kind": kind, **known})


def open_payment(*parts, **known):
    """OpenPayment for orders of one or more shops, by WeChat Pay unless given otherwise."""
    parts = parts or (part(),)
    usual = {
        "payment_id": new_id(),
        "checkout_id": new_id(),
        "buyer_id": new_id(),
        "method": payments.Method.WECHAT,
        "amount": total([p.amount for p in parts], parts[0].amount.currency),
        "parts": parts,
        "description": "CRUNCHY-ARMCHAIR 脆皮沙发",
        "pay_within": 1800,
    }
    return payments.OpenPayment(**{**usual, **known})


def cash_on_delivery(*parts, **known):
    return open_payment(*parts, method=payments.Method.CASH_ON_DELIVERY, **known)


def cancel_payment(opened):
    return payments.CancelPayment(payment_id=opened.payment_id, checkout_id=opened.checkout_id)


def refund_payment(opened, amount=None, **known):
    """RefundPayment of the first line of an order, in full unless an amount is given."""
    of_orders = {each.order_id: each for each in opened.parts}
    paid = of_orders.get(known.get("order_id"), opened.parts[0])
    amount = known.pop("amount", paid.amount if amount is None else amount)
    usual = {
        "refund_id": new_id(),
        "payment_id": opened.payment_id,
        "order_id": paid.order_id,
        "amount": amount,
        "lines": (payments.RefundedLine(line_id=paid.lines[0].line_id, pieces=0, amount=amount),),
        "reason": "changed my mind",
    }
    return payments.RefundPayment(**{**usual, **known})


def confirmed(opened, place=0):
    paid = opened.parts[place]
    return orders.OrderConfirmed(version=2, **_order(opened, paid))


def delivered(opened, place=0):
    return orders.OrderDelivered(delivered_at=datetime.now(UTC), version=6, **_order(opened, opened.parts[place]))


def _order(opened, paid):
    nothing = zero(paid.amount.currency)
    return {
        "order_id": paid.order_id,
        "checkout_id": opened.checkout_id,
        "shop_id": paid.shop_id,
        "buyer_id": opened.buyer_id,
        "lines": (),
        "amounts": orders.OrderAmounts(
            goods=paid.amount, discount=nothing, shipping=nothing, total=paid.amount, refunded=nothing
        ),
    }


def payment(*amounts, collection=Collection.PREPAID, **known):
    """A Payment of the model, with one order per amount."""
    amounts = amounts or (yuan(88),)
    usual = {
        "payment_id": new_id(),
        "checkout_id": new_id(),
        "buyer_id": new_id(),
        "method": "wechat",
        "provider": "wechat",
        "collection": collection,
        "amount": total(amounts),
        "description": "CRUNCHY-ARMCHAIR",
        "expires_at": datetime.now(UTC) + timedelta(minutes=30),
        "created_at": datetime.now(UTC),
        "attempt_id": new_id() if collection is Collection.PREPAID else None,
        "parts": [Part.unpaid(new_id(), new_id(), amount, kept(part(amount))) for amount in amounts],
    }
    return Payment(**{**usual, **known})
