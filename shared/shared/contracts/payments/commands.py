"""The commands that payments handles, with their replies."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.erasure import EraseData
from shared.contracts.payments.codes import Method
from shared.contracts.payments.events import (
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
    """Open a payment that can be paid for `pay_within` seconds. For an amount of 0 the reply is PaymentCaptured.

    The time starts when payments opens it, so that a delay of the command does not shorten it.
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
    """Close the payment. If it is already captured, the reply is PaymentCaptured, and the saga goes forward."""

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
    """Refund money of one order, once per `refund_id`; never more than was paid for it. `reason` is a stable code.

    `lines` add up to `amount`; no line is refunded more than was paid for it.
    The reply is sent when the refund is booked; the money itself may take days.
    """

    refund_id: UUID
    payment_id: UUID
    order_id: UUID
    amount: Money
    lines: tuple[RefundedLine, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class ErasePayer(EraseData, topic="payments.erase_payer.v1", key="user_id", yes=(PayerErased,)):
    """Erase the personal data of a person; payments and the ledger are kept under the person's id."""
