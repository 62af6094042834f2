"""Checkouts of a buyer."""

from uuid import UUID

from orders.checkout import views
from orders.checkout.model.checkout import CheckoutNotFound
from orders.work import Work
from shared.contracts.orders import views as answers


def checkout(work: Work, checkout_id: UUID, buyer_id: UUID | None) -> answers.Checkout:
    """A buyer's checkout with its orders. Raises CheckoutNotFound, also for another buyer's."""
    found = work.checkouts.get(checkout_id)
    if found is None or buyer_id != found.buyer_id:
        raise CheckoutNotFound
    return views.checkout(found, work.orders.of_checkout(checkout_id))
