"""A checkout: what a shopper pays at once, and the people and place it is for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """What is paid at once: `state` is where its orders stood together, until it was confirmed or cancelled.

    `expires_at` is when it will be too late to pay if it can be paid at once; the payment, once it is open,
    has a moment of its own, and that one counts.
    """

    checkout_id: UUID
    quote_id: UUID
    buyer_id: UUID
    payment_id: UUID
    method: str
    total: int
    currency: str
    state: str
    address: dict[str, Any]
    contact: dict[str, Any]
    note: str
    coupon_ids: tuple[UUID, ...]
    taken_from_cart: dict[str, int]
    expires_at: datetime
    created_at: datetime
    reason: str | None = None
