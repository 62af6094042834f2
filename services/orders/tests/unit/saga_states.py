"""States for the stories of the sagas."""

from datetime import UTC, datetime

from orders.sagas.cancel_order import CancelOrder
from orders.sagas.checkout import Checkout
from orders.sagas.refund import GiveRefund
from shared.contracts.catalog import StockLine
from shared.contracts.payments import Method, Part, PaymentAuthorized, PaymentCaptured, Standing
from shared.ids import new_id
from shared.money import Money

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def a_checkout(*, coupon=True, method=Method.WECHAT) -> Checkout:
    """Two shops' orders, ¥30 and ¥20, with a coupon unless told otherwise."""
    order, other = new_id(), new_id()
    return Checkout(
        checkout_id=new_id(),
        buyer_id=new_id(),
        payment_id=new_id(),
        method=method,
        total=Money(5000),
        parts=(
            Part(order_id=order, shop_id=new_id(), amount=Money(3000)),
            Part(order_id=other, shop_id=new_id(), amount=Money(2000)),
        ),
        lines=(
            StockLine(order_id=order, sku_id=new_id(), quantity=3),
            StockLine(order_id=other, sku_id=new_id(), quantity=1),
        ),
        coupon_ids=(new_id(),) if coupon else (),
        description="CRUNCHY-ARMCHAIR",
        pay_within=1800,
    )


def captured(state: Checkout, standing=Standing.KEPT, **changes) -> PaymentCaptured:
    """The checkout's money came in."""
    facts = {"payment_id": state.payment_id, "checkout_id": state.checkout_id, "order_id": None}
    return PaymentCaptured(
        **{**facts, "amount": state.total, "captured_at": NOON, "standing": standing, **changes}
    )


def authorized(state: Checkout) -> PaymentAuthorized:
    """The checkout's money will be taken at the door."""
    return PaymentAuthorized(payment_id=state.payment_id, checkout_id=state.checkout_id, amount=state.total)


def a_cancellation(*, benefits=True) -> CancelOrder:
    """An order marked `cancelling`; what goes back is found out when the saga runs."""
    return CancelOrder(**_giving_back(Money(0), ()), benefits=benefits)


def a_refund(*, restock=True) -> GiveRefund:
    """¥12 for two pieces."""
    return GiveRefund(**_giving_back(Money(1200), _lines() if restock else ()))


def claimed(state: CancelOrder) -> CancelOrder:
    """The cancellation after it found that ¥30 and three pieces are left."""
    return CancelOrder(**{**vars(state), "amount": Money(3000), "lines": _lines()})


def _lines():
    return (StockLine(order_id=new_id(), sku_id=new_id(), quantity=2),)


def _giving_back(amount, lines):
    ids = {name: new_id() for name in ("refund_id", "order_id", "checkout_id", "payment_id")}
    return {**ids, "amount": amount, "lines": lines}
