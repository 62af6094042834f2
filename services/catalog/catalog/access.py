"""Who may see and change what belongs to a shop, and whether the shop may sell."""

from dataclasses import dataclass
from uuid import UUID

from shared.auth import Caller
from shared.errors import Conflict, NotFound


class ShopNotFound(NotFound):
    """There is no such shop."""

    code = "shop_not_found"


class ShopSuspended(Conflict):
    """The shop may not sell; its goods cannot be changed."""

    code = "shop_suspended"


@dataclass(frozen=True)
class Shop:
    """A shop as users last said it."""

    shop_id: UUID
    slug: str | None
    name: str | None
    approved: bool
    version: int
    unsettled: bool  # not all its products have followed `approved` yet


def selling(shop: Shop | None) -> Shop:
    """The shop, if it may sell. Raises ShopNotFound, ShopSuspended."""
    if shop is None:
        raise ShopNotFound
    if not shop.approved:
        raise ShopSuspended
    return shop


def own(caller: Caller, shop_id: UUID | None, unknown: NotFound) -> UUID:
    """The shop that something belongs to, if it exists and the caller works there. Raises `unknown`, Forbidden."""
    if shop_id is None:
        raise unknown
    caller.require_shop(shop_id)
    return shop_id
