"""Finding a payment by one of its numbers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.pages import Page
from shared.contracts.payments.codes import Method
from shared.contracts.payments.views import PaymentState
from shared.money import Money
from shared.permissions import Permission
from shared.requests import Request
from shared.shapes import identifier


class FoundBy(StrEnum):
    """Which number was found. `attempt` is our number at the provider, `transaction` the provider's own."""

    PAYMENT = "payment"
    CHECKOUT = "checkout"
    ORDER = "order"
    ATTEMPT = "attempt"
    TRANSACTION = "transaction"
    REFUND = "refund"


@dataclass(frozen=True, kw_only=True)
class FoundPayment:
    """A payment with the number by which it was found, and its orders."""

    payment_id: UUID
    found_by: FoundBy
    checkout_id: UUID
    order_ids: tuple[UUID, ...]
    state: PaymentState
    method: Method
    provider: str
    amount: Money
    created_at: datetime
    captured_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class FindPayments(Request, answer=Page[FoundPayment], permission=Permission.PAYMENTS_READ, audit=False):
    """Find payments by an exact number.

    It is the id of the payment, of its checkout, an order, an attempt or a refund, the provider's number of a
    transaction or a refund, or, through the gateway, an order's number.
    """

    q: str = identifier(64)
