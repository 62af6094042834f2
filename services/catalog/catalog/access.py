"""Whose goods these are, and whether their shop may sell."""

from uuid import UUID

from catalog.repository.shops import Shop
from shared.auth import Caller
from shared.errors import Conflict, NotFound


class ShopUnknown(NotFound):
    """There is no such shop."""

    code = "shop_not_found"


class ShopSuspended(Conflict):
    """The shop may not sell; its goods cannot be changed."""

    code = "shop_suspended"


class ProductUnknown(NotFound):
    """There is no such product."""

    code = "product_not_found"


class SkuUnknown(NotFound):
    """There is no such SKU."""

    code = "sku_not_found"


def selling(shop: Shop | None) -> Shop:
    """The shop, if it may sell. Raises ShopUnknown, ShopSuspended."""
    if shop is None:
        raise ShopUnknown
    if not shop.approved:
        raise ShopSuspended
    return shop


def own(caller: Caller, shop_id: UUID | None, unknown: NotFound) -> UUID:
    """The shop that something belongs to, if it exists and the caller works there. Raises `unknown`, Forbidden."""
    if shop_id is None:
        raise unknown
    caller.require_shop(shop_id)
    return shop_id
