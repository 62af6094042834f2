"""A checkout: stock, benefits and money, one after another; with the money its orders are confirmed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from orders.domain import checkout as domain
from orders.domain.order import Order
from orders.sagas import cancel_order
from orders.use_cases import orders_of_checkout
from orders.work import Work
from shared.contracts import catalog, marketing, payments
from shared.contracts.catalog import StockLine
from shared.contracts.payments import Method, Part, Standing
from shared.messages import Event
from shared.money import Money
from shared.sagas import Ask, Await, Engine, Local, Saga

# What a shopper is told; a refusal that has a reason of its own tells that one.
REASONS = {
    "reserve_stock_unanswered": "stock_unavailable",
    "hold_benefits_unanswered": "benefits_unavailable",
    "open_payment_unanswered": "payment_unavailable",
    "take_payment_timed_out": "payment_expired",
}


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """What the steps need to know; every undo as well. `pay_within` is in seconds."""

    checkout_id: UUID
    buyer_id: UUID
    payment_id: UUID
    method: Method
    total: Money
    parts: tuple[Part, ...]
    lines: tuple[StockLine, ...]
    coupon_ids: tuple[UUID, ...]
    description: str
    pay_within: int
    reason: str | None = None
    refusal: domain.Refusal | None = None


def place(work: Work, s: Checkout) -> None:
    orders_of_checkout.place(work, s.checkout_id)


def cancel(work: Work, s: Checkout) -> None:
    orders_of_checkout.cancel(work, s.checkout_id, s.reason or "cancelled", s.refusal or domain.Refusal())


def reserve_stock(s: Checkout) -> catalog.ReserveStock:
    return catalog.ReserveStock(checkout_id=s.checkout_id, buyer_id=s.buyer_id, lines=s.lines)


def release_stock(s: Checkout) -> catalog.ReleaseStock:
    return catalog.ReleaseStock(checkout_id=s.checkout_id)


def commit_stock(s: Checkout) -> catalog.CommitStock:
    return catalog.CommitStock(checkout_id=s.checkout_id)


def hold_benefits(s: Checkout) -> marketing.HoldBenefits | None:
    if not s.coupon_ids:
        return None
    return marketing.HoldBenefits(checkout_id=s.checkout_id, buyer_id=s.buyer_id, coupon_ids=s.coupon_ids)


def release_benefits(s: Checkout) -> marketing.ReleaseBenefits:
    return marketing.ReleaseBenefits(checkout_id=s.checkout_id)


def redeem_benefits(s: Checkout) -> marketing.RedeemBenefits | None:
    return marketing.RedeemBenefits(checkout_id=s.checkout_id) if s.coupon_ids else None


def open_payment(s: Checkout) -> payments.OpenPayment:
    return payments.OpenPayment(
        payment_id=s.payment_id,
        checkout_id=s.checkout_id,
        buyer_id=s.buyer_id,
        method=s.method,
        amount=s.total,
        parts=s.parts,
        description=s.description,
        pay_within=s.pay_within,
    )


def cancel_payment(s: Checkout) -> payments.CancelPayment:
    return payments.CancelPayment(payment_id=s.payment_id, checkout_id=s.checkout_id)


def is_paid(s: Checkout, event: payments.PaymentCaptured | payments.PaymentAuthorized) -> bool:
    """Money that came in and is kept for the whole checkout, or will be taken at the door."""
    if event.payment_id != s.payment_id:
        return False
    if isinstance(event, payments.PaymentAuthorized):
        return True
    return event.standing is Standing.KEPT and event.order_id is None


def confirm(work: Work, s: Checkout) -> None:
    orders_of_checkout.confirm(work, s.checkout_id)


def learn(s: Checkout, refused: Event) -> Checkout:
    """Keep which lines or coupons stood in the way."""
    if isinstance(refused, catalog.StockRefused):
        lines = tuple(domain.RefusedLine(**{**vars(li), "reason": str(li.reason)}) for li in refused.lines or ())
        return replace(s, refusal=domain.Refusal(lines=lines))
    if isinstance(refused, marketing.BenefitsRefused):
        return replace(s, refusal=domain.Refusal(coupon_ids=refused.coupon_ids or ()))
    return s


def because(s: Checkout, reason: str | None) -> Checkout:
    return replace(s, reason=reason and REASONS.get(reason, reason))


def order_locks(s: Checkout) -> Iterable[str]:
    return (f"order {part.order_id}" for part in s.parts)


def cancel_later(sagas: Engine, work: Work, s: Checkout, reason: str) -> None:
    """The money was faster than the wish to cancel."""
    cancel_orders(sagas, work, s.checkout_id, reason)


saga = Saga(
    "orders.checkout",
    Checkout,
    [
        Local("open", do=place, undo=cancel),
        Ask("reserve_stock", do=reserve_stock, undo=release_stock, within=timedelta(seconds=30)),
        Ask("hold_benefits", do=hold_benefits, undo=release_benefits, within=timedelta(seconds=30)),
        Ask(
            "open_payment",
            do=open_payment,
            undo=cancel_payment,
            within=timedelta(seconds=30),
            skippable=False,
        ),
        Await(
            "take_payment",
            (payments.PaymentCaptured, payments.PaymentAuthorized),
            key=lambda event: event.checkout_id,
            when=is_paid,
            within=lambda s: timedelta(seconds=s.pay_within),
        ),
        Local("confirm", do=confirm, pivot=True),
        Ask("commit_stock", do=commit_stock),
        Ask("redeem_benefits", do=redeem_benefits),
    ],
    locks=order_locks,
    because=because,
    learn=learn,
    cancel_later=cancel_later,
)


def begin(sagas: Engine, work: Work, checkout: domain.Checkout, orders: Sequence[Order]) -> None:
    """Begin the saga of a checkout whose orders are stored as placed."""
    sagas.start(work, saga, checkout.checkout_id, _state(checkout, orders))


def wish_cancel(sagas: Engine, work: Work, checkout_id: UUID, reason: str) -> None:
    """The shopper does not want it any more: undone before the money is there, cancelled order by order after."""
    if not sagas.cancel(work, saga, checkout_id, reason):
        cancel_orders(sagas, work, checkout_id, reason)


def cancel_orders(sagas: Engine, work: Work, checkout_id: UUID, reason: str) -> None:
    """Cancel what was confirmed, order by order."""
    checkout = work.checkouts.get(checkout_id)
    assert checkout
    for order in orders_of_checkout.begin_cancelling(work, checkout_id, reason):
        cancel_order.begin(sagas, work, order, checkout)


def _state(checkout: domain.Checkout, orders: Sequence[Order]) -> Checkout:
    return Checkout(
        checkout_id=checkout.checkout_id,
        buyer_id=checkout.buyer_id,
        payment_id=checkout.payment_id,
        method=Method(checkout.method),
        total=Money(checkout.total, checkout.currency),
        parts=tuple(Part(order_id=o.order_id, shop_id=o.shop_id, amount=o.total) for o in orders),
        lines=tuple(
            StockLine(order_id=o.order_id, sku_id=line.sku_id, quantity=line.quantity)
            for o in orders
            for line in o.lines
        ),
        coupon_ids=checkout.coupon_ids,
        description=" ".join(o.number for o in orders),
        pay_within=int((checkout.expires_at - checkout.created_at).total_seconds()),
    )
