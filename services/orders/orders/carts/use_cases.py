"""What changes in carts."""

from uuid import UUID

from orders.carts import model
from orders.carts.model import CartNotFound
from orders.work import Work


def put_line(work: Work, owner_id: UUID, sku_id: UUID, quantity: int) -> None:
    """Have `quantity` pieces of a SKU in the shopper's cart."""
    cart_id = work.carts.of_owner(owner_id)
    work.carts.save(cart_id, model.put(work.carts.lines(cart_id), sku_id, quantity), work.now)


def remove_line(work: Work, owner_id: UUID, sku_id: UUID) -> None:
    """Have none of it; nothing happens when there was none."""
    cart_id = work.carts.of_owner(owner_id)
    work.carts.save(cart_id, _without(work, cart_id, sku_id), work.now)


def create_guest_cart(work: Work) -> UUID:
    """Make an empty cart without an owner; return its id, which is its key."""
    return work.carts.new_guest()


def put_guest_line(work: Work, cart_id: UUID, sku_id: UUID, quantity: int) -> None:
    _lock_guest(work, cart_id)
    work.carts.save(cart_id, model.put(work.carts.lines(cart_id), sku_id, quantity), work.now)


def remove_guest_line(work: Work, cart_id: UUID, sku_id: UUID) -> None:
    _lock_guest(work, cart_id)
    work.carts.save(cart_id, _without(work, cart_id, sku_id), work.now)


def merge(work: Work, owner_id: UUID, guest_cart_id: UUID) -> dict[UUID, int]:
    """Put a guest's cart into the shopper's own and end it; one that has ended already changes nothing.

    Lines that find no room stay in the guest's cart, and are returned.
    """
    own = work.carts.of_owner(owner_id)
    if not work.carts.lock_guest(guest_cart_id):
        return {}
    both, rest = model.merge(work.carts.lines(own), work.carts.lines(guest_cart_id))
    work.carts.save(own, both, work.now)
    if rest:
        work.carts.save(guest_cart_id, rest, work.now)
    else:
        work.carts.drop(guest_cart_id)
    return rest


def take(work: Work, owner_id: UUID, bought: dict[UUID, int]) -> dict[UUID, int]:
    """Take what is bought out of the cart, and tell what was really in it."""
    cart_id = work.carts.of_owner(owner_id)
    lines = work.carts.lines(cart_id)
    work.carts.save(cart_id, model.without(lines, bought), work.now)
    return {sku: min(n, bought[sku]) for sku, n in lines.items() if sku in bought}


def bring_back(work: Work, owner_id: UUID, taken: dict[UUID, int]) -> None:
    """Put back what a refused checkout took; what the shopper put in meanwhile stays."""
    cart_id = work.carts.of_owner(owner_id)
    work.carts.save(cart_id, model.bring_back(work.carts.lines(cart_id), taken), work.now)


def _without(work: Work, cart_id: UUID, sku_id: UUID) -> dict[UUID, int]:
    return {sku: n for sku, n in work.carts.lines(cart_id).items() if sku != sku_id}


def _lock_guest(work: Work, cart_id: UUID) -> None:
    if not work.carts.lock_guest(cart_id):
        raise CartNotFound
