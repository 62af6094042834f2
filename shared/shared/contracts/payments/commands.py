"""What payments may be told to do, and how each command is answered."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.erasure import EraseData
from shared.contracts.payments.events import (
    Method,
    Part,
    PayerErased,
    PaymentAuthorized,
    PaymentCancelled,
    PaymentCaptured,
    PaymentOpened,
    PaymentRefused,
    RefundAccepted,
    RefundFailed,
)
from shared.contracts.payments.lines import RefundedLine
from shared.messages import Command
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class OpenPayment(
    Command,
    topic="payments.open_payment.v1",
    key="payment_id",
    yes=(PaymentOpened, PaymentAuthorized, PaymentCaptured),
    no=(PaymentRefused,),
):
    """Make a payment ready to be paid for `pay_within` seconds. Nothing to pay: answered PaymentCaptured of zero.

    The time runs from when payments opens it, so that a command that was held up leaves the shopper all of it.
    """

    payment_id: UUID
    checkout_id: UUID
    buyer_id: UUID
    method: Method
    amount: Money
    parts: tuple[Part, ...]
    description: str
    pay_within: int


@dataclass(frozen=True, kw_only=True)
class CancelPayment(
    Command,
    topic="payments.cancel_payment.v1",
    key="payment_id",
    yes=(PaymentCancelled,),
    no=(PaymentCaptured,),
):
    """Close the payment. Money that was already kept is answered PaymentCaptured, and the saga turns forward."""

    payment_id: UUID
    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class RefundPayment(
    Command,
    topic="payments.refund_payment.v1",
    key="payment_id",
    yes=(RefundAccepted,),
    no=(RefundFailed,),
):
    """Send money of one order back, once per `refund_id`; never more than it paid. `reason` is a stable code.

    `lines` add up to `amount`; of no line goes back more than was paid for it.
    Answered as soon as the refund is booked; the money itself may take days.
    """

    refund_id: UUID
    payment_id: UUID
    order_id: UUID
    amount: Money
    lines: tuple[RefundedLine, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class ErasePayer(EraseData, topic="payments.erase_payer.v1", key="user_id", yes=(PayerErased,)):
    """Erase what is held of a person; payments and books stay, under the person's id."""
