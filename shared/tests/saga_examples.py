"""A small example saga with every kind of step."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.contracts import catalog, payments
from shared.contracts.orders import WakeSaga
from shared.contracts.payments import Standing
from shared.ids import new_id
from shared.money import Money
from shared.sagas import Await, Call, Local, Saga


@dataclass(frozen=True, kw_only=True)
class Supper:
    """The state of the saga; `guests` are the resources that it locks."""

    checkout_id: UUID
    payment_id: UUID
    guests: tuple[str, ...] = ()
    opened: int = 0
    reason: str | None = None
    phone: str = "13800000000"


def a_supper(*guests) -> Supper:
    return Supper(checkout_id=new_id(), payment_id=new_id(), guests=guests)


def paid(state: Supper, standing=Standing.KEPT) -> payments.PaymentCaptured:
    ids = {"payment_id": state.payment_id, "checkout_id": state.checkout_id, "order_id": None}
    timestamp = datetime(2026, 1, 1, tzinfo=UTC)
    return payments.PaymentCaptured(**ids, amount=Money(100), standing=standing, captured_at=timestamp)


def reserve(s: Supper) -> catalog.ReserveStock:
    return catalog.ReserveStock(checkout_id=s.checkout_id, lines=())


def release(s: Supper) -> catalog.ReleaseStock:
    return catalog.ReleaseStock(checkout_id=s.checkout_id)


def open_payment(s: Supper) -> payments.OpenPayment:
    return payments.OpenPayment(
        payment_id=s.payment_id,
        checkout_id=s.checkout_id,
        buyer_id=s.checkout_id,
        method=payments.Method.WECHAT,
        amount=Money(100),
        parts=(),
        description="CRUNCHY-ARMCHAIR",
        pay_within=1800,
    )


def cancel_payment(s: Supper) -> payments.CancelPayment:
    return payments.CancelPayment(payment_id=s.payment_id, checkout_id=s.checkout_id)


def commit(s: Supper) -> catalog.CommitStock:
    return catalog.CommitStock(checkout_id=s.checkout_id)


def opened(_work, s: Supper) -> Supper:
    return replace(s, opened=s.opened + 1)


def nothing(_work, _s: Supper) -> None:
    return None


handed_over: list[tuple[UUID, str]] = []

STEPS = [
    Local("open", do=opened, undo=nothing),
    Call("reserve", do=reserve, undo=release),
    Call("open_payment", do=open_payment, undo=cancel_payment),
    Await(
        "take_payment",
        (payments.PaymentCaptured,),
        key=lambda event: event.checkout_id,
        when=lambda s, event: event.standing is Standing.KEPT,
        within=lambda s: timedelta(minutes=30),
    ),
    Local("confirm", do=nothing, pivot=True),
    Call("commit", do=commit),
]

supper = Saga(
    "test.supper",
    Supper,
    STEPS,
    timer=WakeSaga,
    locks=lambda s: s.guests,
    because=lambda s, reason: replace(s, reason=reason),
    cancel_later=lambda work, s, reason: handed_over.append((s.checkout_id, reason)),
)
