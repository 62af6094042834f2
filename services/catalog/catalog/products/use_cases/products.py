"""Use cases of merchants: products are created, changed, listed and withdrawn."""

from collections.abc import Callable
from typing import Any

from catalog.access import require_own_shop, require_selling
from catalog.products import views
from catalog.products.model.product import Product, ProductNotFound
from catalog.products.model.shelf import Shelf
from catalog.products.use_cases.publishing import publish_listing
from catalog.products.use_cases.sheets import changed_sheet, new_sheet
from catalog.stock.front import Cause, received
from catalog.work import Work
from shared import operator_actions
from shared.auth import Caller
from shared.contracts.catalog import views as answers
from shared.contracts.catalog.requests import ChangeProduct, CreateProduct, PublishProduct, WithdrawProduct
from shared.errors import Conflict


class HandleTaken(Conflict):
    """The shop has a product with this handle."""

    code = "handle_taken"


def create_product(work: Work, caller: Caller, requested: CreateProduct) -> answers.ShopProduct:
    """Create a draft with its opening stock.

    Raises Forbidden, ShopNotFound, ShopSuspended, HandleTaken, SkuAmbiguous, and what new_sheet raises.
    """
    caller.require_shop(requested.shop_id)
    shop = require_selling(work.shops.lock(requested.shop_id))
    sheet = new_sheet(requested)
    if work.products.lock_handles(shop.shop_id, [sheet.handle]):
        raise HandleTaken(handle=sheet.handle)
    product = Product.new(shop.shop_id, sheet)
    _save(work, caller, product)
    operator_actions.describe(about=f"product {product.product_id}", **_logged_state(product))
    return _view(work, product)


def change_product(work: Work, caller: Caller, requested: ChangeProduct) -> answers.ShopProduct:
    """Change the requested fields of a product; omitted ones are unchanged.

    Raises as publish_product does, SkuAmbiguous, and what changed_sheet raises.
    """
    return _changed(work, caller, requested, lambda product: product.apply(changed_sheet(product, requested)))


def publish_product(work: Work, caller: Caller, requested: PublishProduct) -> answers.ShopProduct:
    """List a product for sale.

    Raises ProductNotFound, Forbidden, ShopSuspended, VersionOutdated, SkuMissing.
    """
    return _changed(work, caller, requested, lambda product: product.move(Shelf.ON_SHELF))


def withdraw_product(work: Work, caller: Caller, requested: WithdrawProduct) -> answers.ShopProduct:
    """Unlist a product: it is not shown and cannot be ordered. Raises as publish_product does."""
    return _changed(work, caller, requested, lambda product: product.move(Shelf.OFF_SHELF))


def _changed(
    work: Work,
    caller: Caller,
    requested: ChangeProduct | PublishProduct | WithdrawProduct,
    apply: Callable[[Product], bool],
) -> answers.ShopProduct:
    shop_id = require_own_shop(caller, work.products.shop_of(requested.product_id), ProductNotFound())
    require_selling(work.shops.share(shop_id))  # before the product, which is the lock order of a suspension
    product = work.products.lock(requested.product_id)
    assert product is not None  # products are never deleted
    product.expect(requested.version)
    was_on_shelf = product.on_shelf
    operator_actions.watch(lambda: _logged_state(product))
    if apply(product):
        _save(work, caller, product)
        publish_listing(work, product, was_on_shelf=was_on_shelf)
    return _view(work, product)


def _save(work: Work, caller: Caller, product: Product) -> None:
    """Store a product, and the opening stock of its new SKUs with the caller as its actor."""
    work.products.save([product], work.now)
    work.stock.open(received(product.opening_stock, caller.user_id, cause=Cause.OPENING_STOCK), work.now)


def _logged_state(product: Product) -> dict[str, Any]:
    """The state of a product as the operator log records it."""
    prices = {sku.code: sku.price.amount for sku in product.live_skus}
    return {"version": product.version, "shelf": product.shelf, "title": product.facts.title, "prices": prices}


def _view(work: Work, product: Product) -> answers.ShopProduct:
    return views.shop_product(product, work.stock.levels(sku.sku_id for sku in product.skus))
