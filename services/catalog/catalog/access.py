"""Access checks: whether the caller works for a shop, and whether the shop may sell."""

from dataclasses import dataclass
from uuid import UUID

from shared.auth import Caller
from shared.errors import Conflict, NotFound


class ShopNotFound(NotFound):
    """There is no such shop."""

    code = "shop_not_found"


class ShopSuspended(Conflict):
    """The shop is suspended; its products cannot be changed."""

    code = "shop_suspended"


@dataclass(frozen=True)
class Shop:
    """Catalog's copy of a shop, as of the last event of users."""

    shop_id: UUID
    slug: str | None
    name: str | None
    approved: bool
    version: int
    name_version: int  # of the event that the name came with
    unsettled: bool  # not all products have been updated to `approved` yet


def require_selling(shop: Shop | None) -> Shop:
    """The shop, if it may sell. Raises ShopNotFound, ShopSuspended."""
    if shop is None:
        raise ShopNotFound
    if not shop.approved:
        raise ShopSuspended
    return shop


def require_own_shop(caller: Caller, shop_id: UUID | None, unknown: NotFound) -> UUID:
    """Return `shop_id` if it is not None and the caller works for this shop. Raises `unknown`, Forbidden."""
    if shop_id is None:
        raise unknown
    caller.require_shop(shop_id)
    return shop_id
