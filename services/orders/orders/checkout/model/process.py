"""The state of the checkout saga: all that its steps and undos need."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from orders.checkout.model.checkout import Checkout, PaymentMethod, Refusal
from orders.fulfilment.front import CancellationReason, Order, StockPieces, payment_part
from shared.contracts.marketing import Benefit
from shared.contracts.payments import Part
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class CheckoutProcess:
    """The state of the saga `orders.checkout`. `pay_within` is in seconds."""

    checkout_id: UUID
    buyer_id: UUID
    payment_id: UUID
    method: PaymentMethod
    total: Money
    parts: tuple[Part, ...]
    lines: tuple[StockPieces, ...]
    benefits: tuple[Benefit, ...]
    description: str
    pay_within: int
    reason: CancellationReason | None = None
    refusal: Refusal | None = None

    @classmethod
    def of(cls, checkout: Checkout, orders: Sequence[Order]) -> Self:
        """The first state: the orders are stored as placed."""
        return cls(
            checkout_id=checkout.checkout_id,
            buyer_id=checkout.buyer_id,
            payment_id=checkout.payment_id,
            method=PaymentMethod(checkout.method),
            total=Money(checkout.total, checkout.currency),
            parts=tuple(map(payment_part, orders)),
            lines=tuple(
                StockPieces(order_id=o.order_id, sku_id=line.sku_id, quantity=line.quantity)
                for o in orders
                for line in o.lines
            ),
            benefits=checkout.benefits,
            description=" ".join(o.number for o in orders),
            pay_within=int((checkout.expires_at - checkout.created_at).total_seconds()),
        )
