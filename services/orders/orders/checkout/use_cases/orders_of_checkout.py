"""What the checkout saga does to all orders of a checkout: place, then confirm or cancel."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from orders import messages
from orders.carts import front as carts
from orders.checkout.model.checkout import CheckoutState, PaymentMethod, Refusal
from orders.fulfilment.front import (
    Actor,
    CancellationReason,
    Order,
    OrderState,
    facts,
    publish_cancelled,
)
from orders.work import Work
from shared import shapes
from shared.contracts.orders import OrderConfirmed, OrderPlaced
from shared.contracts.payments import Method


def lock_in_advance(work: Work, checkout_ids: Collection[UUID]) -> None:
    """Lock and read at once the orders of several checkouts that are to be confirmed or cancelled."""
    work.orders.lock_checkouts(checkout_ids)


def place(work: Work, checkout_id: UUID) -> None:
    """Publish that the orders are placed; they are stored already."""
    orders = work.orders.of_checkout(checkout_id)
    work.orders.note_steps(orders, Actor.SHOPPER, work.now)
    for order in orders:
        work.publish(OrderPlaced(checkout_id=order.checkout_id, **facts(order)))


def confirm(work: Work, checkout_id: UUID, method: PaymentMethod) -> None:
    """Confirm every order of a checkout that was paid, or is cash on delivery."""
    for order in _moved(work, checkout_id, OrderState.CONFIRMED):
        work.orders.save(order, work.now)
        work.orders.note_steps([order], Actor.SYSTEM, work.now)
        fact = OrderConfirmed(checkout_id=order.checkout_id, payment_method=Method(method), **facts(order))
        work.publish(fact)
        messages.confirmed(work, order)
    work.checkouts.settle(checkout_id, CheckoutState.CONFIRMED)


def cancel(work: Work, checkout_id: UUID, reason: CancellationReason, refusal: Refusal) -> None:
    """Cancel every order of the checkout for `reason`, and put what it took back into the cart.

    Each order stores the part of `refusal` about its own lines.
    """
    checkout = work.checkouts.get(checkout_id)
    assert checkout
    for order in _moved(work, checkout_id, OrderState.CANCELLED):
        order.refusal = _document(refusal.of({line.sku_id for line in order.lines}))
        _save_cancelled(work, order, reason)
    taken = {UUID(sku_id): quantity for sku_id, quantity in checkout.taken_from_cart.items()}
    carts.put_back(work, checkout.buyer_id, taken)
    work.checkouts.settle(checkout_id, CheckoutState.CANCELLED, reason, _document(refusal))


def _moved(work: Work, checkout_id: UUID, wanted: OrderState) -> list[Order]:
    return [order for order in work.orders.lock_checkout(checkout_id) if order.move(wanted)]


def _save_cancelled(work: Work, order: Order, reason: CancellationReason) -> None:
    order.reason = reason
    work.orders.save(order, work.now)
    work.orders.note_steps([order], Actor.SYSTEM, work.now)
    publish_cancelled(work, order)


def _document(refusal: Refusal) -> dict[str, Any] | None:
    return shapes.dump(refusal) if refusal else None
