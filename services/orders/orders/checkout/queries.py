"""Checkouts of a buyer."""

from uuid import UUID

from orders.checkout import views
from orders.checkout.model.checkout import Checkout, CheckoutNotFound
from orders.work import Work
from shared.contracts.orders import views as answers
from shared.contracts.orders.requests import ListCheckouts
from shared.contracts.pages import Page, page


def checkout(work: Work, checkout_id: UUID, buyer_id: UUID | None) -> answers.Checkout:
    """A buyer's checkout with its orders. Raises CheckoutNotFound, also for another buyer's."""
    found = work.checkouts.get(checkout_id)
    if found is None or buyer_id != found.buyer_id:
        raise CheckoutNotFound
    return _with_orders(work, found)


def checkouts_of_buyer(work: Work, buyer_id: UUID, requested: ListCheckouts) -> Page[answers.Checkout]:
    """The buyer's checkouts with their orders, newest first."""
    found = work.checkouts.page(
        buyer_id, after=requested.cursor, limit=requested.limit + 1, states=requested.state
    )
    work.orders.read_checkouts([each.checkout_id for each in found])
    return page(found, lambda each: _with_orders(work, each), lambda each: each.checkout_id, requested.limit)


def _with_orders(work: Work, found: Checkout) -> answers.Checkout:
    return views.checkout(found, work.orders.of_checkout(found.checkout_id))
