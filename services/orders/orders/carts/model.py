"""A cart: quantities by SKU. A guest's cart is merged into the shopper's own at sign-in."""

from collections.abc import Mapping
from uuid import UUID

from shared.errors import Conflict, Invalid, NotFound

MOST_LINES = 100
MOST_PIECES = 9999


class CartNotFound(NotFound):
    """The cart does not exist."""

    code = "cart_not_found"


class CartFull(Conflict):
    """A cart has at most 100 lines."""

    code = "cart_full"


class QuantityOutOfRange(Invalid):
    """The quantity of a line is between 1 and 9999."""

    code = "quantity_out_of_range"


def put(lines: Mapping[UUID, int], sku_id: UUID, quantity: int) -> dict[UUID, int]:
    """The lines with the SKU's quantity set. Raises QuantityOutOfRange, CartFull."""
    if not 1 <= quantity <= MOST_PIECES:
        raise QuantityOutOfRange(quantity=quantity)
    if sku_id not in lines and len(lines) >= MOST_LINES:
        raise CartFull
    return {**lines, sku_id: quantity}


def merge(own: Mapping[UUID, int], guest: Mapping[UUID, int]) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """The merged cart, and the guest's lines that do not fit in it.

    A SKU in both carts gets the larger quantity, so that merging twice changes nothing.
    """
    both, rest = dict(own), {}
    for sku_id, quantity in guest.items():
        if sku_id in both or len(both) < MOST_LINES:
            both[sku_id] = max(both.get(sku_id, 0), quantity)
        else:
            rest[sku_id] = quantity
    return both, rest


def without(lines: Mapping[UUID, int], bought: Mapping[UUID, int]) -> dict[UUID, int]:
    """The lines less the quantities in `bought`."""
    left = {sku_id: quantity - bought.get(sku_id, 0) for sku_id, quantity in lines.items()}
    return {sku_id: quantity for sku_id, quantity in left.items() if quantity > 0}


def put_back(lines: Mapping[UUID, int], taken: Mapping[UUID, int]) -> dict[UUID, int]:
    """The lines plus the quantities in `taken`.

    The limits do not apply: they are for what a shopper adds.
    """
    return {sku_id: lines.get(sku_id, 0) + taken.get(sku_id, 0) for sku_id in {**lines, **taken}}
