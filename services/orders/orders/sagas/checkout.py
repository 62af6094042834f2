"""A checkout: reserves stock, holds benefits and takes the payment, which confirms its orders."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from orders.aftersale.use_cases import cancellations
from orders.checkout.model.checkout import Refusal, RefusedLine
from orders.checkout.model.process import CheckoutProcess
from orders.checkout.use_cases import orders_of_checkout
from orders.fulfilment.front import CancellationReason
from orders.sagas import stock
from orders.work import Work
from shared.contracts import catalog, marketing, payments
from shared.contracts.orders import WakeSaga
from shared.contracts.payments import Method, PaymentReason, Standing
from shared.messages import Event
from shared.sagas import Await, Call, Local, Saga

# The reason shown to the shopper by the saga's reason, which may be the refusal's own.
REASONS = {
    "reserve_stock_unanswered": CancellationReason.STOCK_UNAVAILABLE,
    "hold_benefits_unanswered": CancellationReason.BENEFITS_UNAVAILABLE,
    "open_payment_unanswered": CancellationReason.PAYMENT_UNAVAILABLE,
    PaymentReason.PAYMENT_METHOD_UNAVAILABLE.value: CancellationReason.PAYMENT_UNAVAILABLE,
    PaymentReason.PAYMENT_METHOD_SWITCHED_OFF.value: CancellationReason.PAYMENT_UNAVAILABLE,
    "take_payment_timed_out": CancellationReason.PAYMENT_EXPIRED,
    **{reason.value: reason for reason in CancellationReason},
}
OF_PROVIDER = CancellationReason.PAYMENT_REFUSED  # any other reason: payments passes on its provider's


def place(work: Work, s: CheckoutProcess) -> None:
    orders_of_checkout.place(work, s.checkout_id)


def cancel(work: Work, s: CheckoutProcess) -> None:
    reason = s.reason or CancellationReason.CANCELLED
    orders_of_checkout.cancel(work, s.checkout_id, reason, s.refusal or Refusal())


def reserve_stock(s: CheckoutProcess) -> catalog.ReserveStock:
    return catalog.ReserveStock(checkout_id=s.checkout_id, buyer_id=s.buyer_id, lines=stock.lines(s.lines))


def release_stock(s: CheckoutProcess) -> catalog.ReleaseStock:
    return catalog.ReleaseStock(checkout_id=s.checkout_id)


def commit_stock(s: CheckoutProcess) -> catalog.CommitStock:
    return catalog.CommitStock(checkout_id=s.checkout_id)


def hold_benefits(s: CheckoutProcess) -> marketing.HoldBenefits | None:
    if not s.benefits:
        return None
    return marketing.HoldBenefits(checkout_id=s.checkout_id, buyer_id=s.buyer_id, benefits=s.benefits)


def release_benefits(s: CheckoutProcess) -> marketing.ReleaseBenefits:
    return marketing.ReleaseBenefits(checkout_id=s.checkout_id)


def redeem_benefits(s: CheckoutProcess) -> marketing.RedeemBenefits | None:
    return marketing.RedeemBenefits(checkout_id=s.checkout_id) if s.benefits else None


def open_payment(s: CheckoutProcess) -> payments.OpenPayment:
    return payments.OpenPayment(
        payment_id=s.payment_id,
        checkout_id=s.checkout_id,
        buyer_id=s.buyer_id,
        method=Method(s.method),
        amount=s.total,
        parts=s.parts,
        description=s.description,
        pay_within=s.pay_within,
    )


def cancel_payment(s: CheckoutProcess) -> payments.CancelPayment:
    return payments.CancelPayment(payment_id=s.payment_id, checkout_id=s.checkout_id)


def is_paid(s: CheckoutProcess, event: payments.PaymentCaptured | payments.PaymentAuthorized) -> bool:
    """Whether the whole checkout is paid: captured and kept, or authorized (cash on delivery)."""
    if event.payment_id != s.payment_id:
        return False
    if isinstance(event, payments.PaymentAuthorized):
        return True
    return event.standing is Standing.KEPT and event.order_id is None


def lock_orders(work: Work, states: Sequence[CheckoutProcess]) -> None:
    orders_of_checkout.lock_in_advance(work, [s.checkout_id for s in states])


def confirm(work: Work, s: CheckoutProcess) -> None:
    orders_of_checkout.confirm(work, s.checkout_id, s.method)


def learn(s: CheckoutProcess, refused: Event) -> CheckoutProcess:
    """Store which lines or benefits were refused."""
    if isinstance(refused, catalog.StockRefused):
        missing = tuple(RefusedLine(**{**vars(li), "reason": str(li.reason)}) for li in refused.lines or ())
        return replace(s, refusal=Refusal(lines=missing))
    if isinstance(refused, marketing.BenefitsRefused):
        return replace(s, refusal=Refusal(benefits=refused.benefits or ()))
    return s


def because(s: CheckoutProcess, reason: str | None) -> CheckoutProcess:
    return replace(s, reason=REASONS.get(reason, OF_PROVIDER) if reason else None)


def order_locks(s: CheckoutProcess) -> Iterable[str]:
    return (f"order {part.order_id}" for part in s.parts)


def cancel_later(work: Work, s: CheckoutProcess, reason: str) -> None:
    """Cancel orders that were paid before the request to cancel was handled."""
    cancellations.cancel_confirmed(work, s.checkout_id, CancellationReason(reason))


saga = Saga(
    "orders.checkout",
    CheckoutProcess,
    [
        Local("open", do=place, undo=cancel),
        Call("reserve_stock", do=reserve_stock, undo=release_stock, within=timedelta(seconds=30)),
        Call("hold_benefits", do=hold_benefits, undo=release_benefits, within=timedelta(seconds=30)),
        Call(
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
        Local("confirm", do=confirm, pivot=True, in_advance=lock_orders),
        Call("commit_stock", do=commit_stock),
        Call("redeem_benefits", do=redeem_benefits),
    ],
    timer=WakeSaga,
    locks=order_locks,
    because=because,
    learn=learn,
    cancel_later=cancel_later,
)
