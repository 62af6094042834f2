"""What the checkout process knows: all that a step needs, and its undo as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from orders.checkout.model.checkout import Checkout, PaymentMethod, Refusal
from orders.fulfilment.front import CancellationReason, Order, PayableLine, StockPieces, payable_lines
from shared.contracts.marketing import Benefit
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class OrderShare:
    """One order's share of the payment; the shares add up to it, and the lines of each to its amount."""

    order_id: UUID
    shop_id: UUID
    amount: Money
    lines: tuple[PayableLine, ...]

    @classmethod
    def of(cls, order: Order) -> Self:
        """All that an order costs."""
        lines = payable_lines(order)
        return cls(order_id=order.order_id, shop_id=order.shop_id, amount=order.total, lines=lines)


@dataclass(frozen=True, kw_only=True)
class CheckoutProcess:
    """The state of the saga `orders.checkout`. `pay_within` is in seconds."""

    checkout_id: UUID
    buyer_id: UUID
    payment_id: UUID
    method: PaymentMethod
    total: Money
    parts: tuple[OrderShare, ...]
    lines: tuple[StockPieces, ...]
    benefits: tuple[Benefit, ...]
    description: str
    pay_within: int
    reason: CancellationReason | None = None
    refusal: Refusal | None = None

    @classmethod
    def of(cls, checkout: Checkout, orders: Sequence[Order]) -> Self:
        """At the beginning: the orders are stored as placed."""
        return cls(
            checkout_id=checkout.checkout_id,
            buyer_id=checkout.buyer_id,
            payment_id=checkout.payment_id,
            method=PaymentMethod(checkout.method),
            total=Money(checkout.total, checkout.currency),
            parts=tuple(map(OrderShare.of, orders)),
            lines=tuple(
                StockPieces(order_id=o.order_id, sku_id=line.sku_id, quantity=line.quantity)
                for o in orders
                for line in o.lines
            ),
            benefits=checkout.benefits,
            description=" ".join(o.number for o in orders),
            pay_within=int((checkout.expires_at - checkout.created_at).total_seconds()),
        )
