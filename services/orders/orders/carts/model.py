"""A cart: how many pieces of which SKU; a guest's goes into the shopper's own at sign-in."""

from collections.abc import Mapping
from uuid import UUID

from shared.errors import Conflict, Invalid, NotFound

MOST_LINES = 100
MOST_PIECES = 9999


class CartNotFound(NotFound):
    """There is no such cart."""

    code = "cart_not_found"


class CartFull(Conflict):
    """A cart holds at most 100 different things."""

    code = "cart_full"


class QuantityOutOfRange(Invalid):
    """A line has between 1 and 9999 pieces."""

    code = "quantity_out_of_range"


def put(lines: Mapping[UUID, int], sku_id: UUID, quantity: int) -> dict[UUID, int]:
    """The lines with `quantity` pieces of the SKU. Raises QuantityOutOfRange, CartFull."""
    if not 1 <= quantity <= MOST_PIECES:
        raise QuantityOutOfRange(quantity=quantity)
    if sku_id not in lines and len(lines) >= MOST_LINES:
        raise CartFull
    return {**lines, sku_id: quantity}


def merge(own: Mapping[UUID, int], guest: Mapping[UUID, int]) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """Both carts in one, and the guest's lines that found no room in it.

    Of a SKU in both the larger quantity, so that merging twice changes nothing.
    """
    both, rest = dict(own), {}
    for sku_id, quantity in guest.items():
        if sku_id in both or len(both) < MOST_LINES:
            both[sku_id] = max(both.get(sku_id, 0), quantity)
        else:
            rest[sku_id] = quantity
    return both, rest


def without(lines: Mapping[UUID, int], bought: Mapping[UUID, int]) -> dict[UUID, int]:
    """What stays in the cart when `bought` leaves it."""
    left = {sku_id: quantity - bought.get(sku_id, 0) for sku_id, quantity in lines.items()}
    return {sku_id: quantity for sku_id, quantity in left.items() if quantity > 0}


def bring_back(lines: Mapping[UUID, int], taken: Mapping[UUID, int]) -> dict[UUID, int]:
    """The cart when what was taken out of it comes back; what the shopper put in meanwhile stays.

    Nothing is dropped for the limits: they hold for what somebody puts in.
    """
    return {sku_id: lines.get(sku_id, 0) + taken.get(sku_id, 0) for sku_id in {**lines, **taken}}
