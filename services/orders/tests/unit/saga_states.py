"""States and events for the tests of sagas."""

from datetime import UTC, datetime

from orders.aftersale.model.process import CancellationProcess, RefundProcess
from orders.checkout.model.checkout import PaymentMethod
from orders.checkout.model.process import CheckoutProcess
from orders.fulfilment.model.order import StockPieces
from shared.contracts.marketing import CouponBenefit
from shared.contracts.payments import (
    DiscountShares,
    LineKind,
    Method,
    Part,
    PartLine,
    PaymentAuthorized,
    PaymentCaptured,
    RefundedLine,
    Standing,
)
from shared.ids import new_id
from shared.money import Money

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def a_checkout(*, coupon=True, method=Method.WECHAT) -> CheckoutProcess:
    """Orders of two shops, ¥30 and ¥20, by default with a coupon."""
    order, other = new_id(), new_id()
    return CheckoutProcess(
        checkout_id=new_id(),
        buyer_id=new_id(),
        payment_id=new_id(),
        method=PaymentMethod(method),
        total=Money(5000),
        parts=(
            Part(order_id=order, shop_id=new_id(), amount=Money(3000), lines=(a_payable_line(3000),)),
            Part(order_id=other, shop_id=new_id(), amount=Money(2000), lines=(a_payable_line(2000),)),
        ),
        lines=(
            StockPieces(order_id=order, sku_id=new_id(), quantity=3),
            StockPieces(order_id=other, sku_id=new_id(), quantity=1),
        ),
        benefits=(CouponBenefit(coupon_id=new_id()),) if coupon else (),
        description="CRUNCHY-ARMCHAIR",
        pay_within=1800,
    )


def a_payable_line(paid: int) -> PartLine:
    """An order line without a discount."""
    known = {"line_id": new_id(), "kind": LineKind.GOODS, "category": None, "quantity": 1}
    none = DiscountShares(shop=Money(0), platform=Money(0))
    return PartLine(**known, paid=Money(paid), tax=Money(0), discount=none)


def captured(state: CheckoutProcess, standing=Standing.KEPT, **changes) -> PaymentCaptured:
    """The capture of the checkout's payment."""
    facts = {"payment_id": state.payment_id, "checkout_id": state.checkout_id, "order_id": None}
    return PaymentCaptured(
        **{**facts, "amount": state.total, "captured_at": NOON, "standing": standing, **changes}
    )


def authorized(state: CheckoutProcess) -> PaymentAuthorized:
    """The authorization of cash on delivery."""
    return PaymentAuthorized(payment_id=state.payment_id, checkout_id=state.checkout_id, amount=state.total)


def a_cancellation(*, benefits=True) -> CancellationProcess:
    """An order marked `cancelling`; the step `claim` sets the amount."""
    return CancellationProcess(**_repayment(Money(0), ()), benefits=benefits)


def a_refund(*, restock=True) -> RefundProcess:
    """¥12 for two units."""
    return RefundProcess(**_repayment(Money(1200), _lines() if restock else ()))


def claimed(state: CancellationProcess) -> CancellationProcess:
    """The cancellation after its step `claim`: ¥30 for two units."""
    money = {"amount": Money(3000), "by_line": _by_line(Money(3000))}
    return CancellationProcess(**{**vars(state), **money, "lines": _lines()})


def _lines():
    return (StockPieces(order_id=new_id(), sku_id=new_id(), quantity=2),)


def _repayment(amount, lines):
    ids = {name: new_id() for name in ("refund_id", "order_id", "checkout_id", "payment_id")}
    return {**ids, "amount": amount, "by_line": _by_line(amount), "lines": lines}


def _by_line(amount):
    return (RefundedLine(line_id=new_id(), pieces=2, amount=amount),) if amount else ()
