"""Changes of carts."""

from uuid import UUID

from orders.carts import model
from orders.carts.model import CartNotFound
from orders.work import Work


def put_line(work: Work, owner_id: UUID, sku_id: UUID, quantity: int) -> None:
    """Set the quantity of a SKU in the shopper's cart."""
    cart_id = work.carts.of_owner(owner_id)
    work.carts.save(cart_id, model.put(work.carts.lines(cart_id), sku_id, quantity), work.now)


def remove_line(work: Work, owner_id: UUID, sku_id: UUID) -> None:
    """Remove a SKU from the shopper's cart, if it is there."""
    cart_id = work.carts.of_owner(owner_id)
    work.carts.save(cart_id, _without(work, cart_id, sku_id), work.now)


def create_guest_cart(work: Work) -> UUID:
    """Create an empty cart without an owner; return its secret id."""
    return work.carts.new_guest()


def put_guest_line(work: Work, cart_id: UUID, sku_id: UUID, quantity: int) -> None:
    _lock_guest(work, cart_id)
    work.carts.save(cart_id, model.put(work.carts.lines(cart_id), sku_id, quantity), work.now)


def remove_guest_line(work: Work, cart_id: UUID, sku_id: UUID) -> None:
    _lock_guest(work, cart_id)
    work.carts.save(cart_id, _without(work, cart_id, sku_id), work.now)


def merge(work: Work, owner_id: UUID, guest_cart_id: UUID) -> dict[UUID, int]:
    """Merge a guest's cart into the shopper's own and delete it; nothing happens when it does not exist.

    Lines that do not fit remain in the guest's cart and are returned.
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
    """Remove what is bought from the cart; return the quantities that were removed."""
    cart_id = work.carts.of_owner(owner_id)
    lines = work.carts.lines(cart_id)
    taken = {sku: min(n, bought[sku]) for sku, n in lines.items() if sku in bought}
    if taken:
        work.carts.save(cart_id, model.without(lines, bought), work.now)
    return taken


def put_back(work: Work, owner_id: UUID, taken: dict[UUID, int]) -> None:
    """Add what a refused checkout took to the cart's present lines."""
    cart_id = work.carts.of_owner(owner_id)
    work.carts.save(cart_id, model.put_back(work.carts.lines(cart_id), taken), work.now)


def _without(work: Work, cart_id: UUID, sku_id: UUID) -> dict[UUID, int]:
    return {sku: n for sku, n in work.carts.lines(cart_id).items() if sku != sku_id}


def _lock_guest(work: Work, cart_id: UUID) -> None:
    if not work.carts.lock_guest(cart_id):
        raise CartNotFound
