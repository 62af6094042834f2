"""Carts, read without a lock."""

from collections.abc import Mapping
from uuid import UUID

from orders.carts import views
from orders.carts.model import CartNotFound
from orders.work import Work
from shared.contracts.orders import views as answers


def cart(work: Work, cart_id: UUID | None) -> answers.Cart:
    """A cart with its lines; an empty cart when it does not exist.

    Nothing is locked, so the version is read first: a quote of lines newer than the version is refused, while a
    version newer than the lines would let lines be ordered that were removed from the cart.
    """
    version = work.carts.version(cart_id) if cart_id else 0
    lines = work.carts.lines(cart_id) if cart_id else {}
    return views.cart(cart_id, version, lines)


def own_cart(work: Work, owner_id: UUID) -> answers.Cart:
    """The shopper's own cart."""
    return cart(work, work.carts.find(owner_id))


def merged_cart(work: Work, owner_id: UUID, rest: Mapping[UUID, int]) -> answers.MergedCart:
    """The shopper's cart after a merge, and the guest's lines that did not fit in it."""
    return views.merged_cart(own_cart(work, owner_id), rest)


def guest_cart(work: Work, cart_id: UUID) -> answers.Cart:
    """A guest's cart; knowing its id gives access. Raises CartNotFound."""
    if not work.carts.is_guests(cart_id):
        raise CartNotFound
    return cart(work, cart_id)
