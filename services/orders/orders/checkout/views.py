"""Checkouts as contract views."""

from collections.abc import Sequence

from orders.checkout.model.checkout import Checkout
from orders.fulfilment.front import Order, cancellation, order_view, refusal
from shared.contracts.orders import codes, views
from shared.contracts.payments import Method
from shared.money import Money


def checkout(of: Checkout, orders: Sequence[Order]) -> views.Checkout:
    """A checkout with its orders."""
    return views.Checkout(
        checkout_id=of.checkout_id,
        quote_id=of.quote_id,
        payment_id=of.payment_id,
        state=codes.CheckoutState(of.state),
        reason=cancellation(of.reason),
        refusal=refusal(of.refusal),
        payment_method=Method(of.method),
        total=Money(of.total, of.currency),
        address=destination(of),
        contact=contact(of),
        note=of.note,
        expires_at=of.expires_at,
        created_at=of.created_at,
        orders=tuple(map(order_view, orders)),
    )


def destination(of: Checkout) -> views.Destination | None:
    """The address; None once the buyer is erased."""
    return views.Destination(**of.address) if of.address else None


def contact(of: Checkout) -> views.Contact | None:
    """The recipient; None once the buyer is erased."""
    return views.Contact(**of.contact) if of.contact else None
