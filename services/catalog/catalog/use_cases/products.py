"""What a merchant does with products and their stock."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from catalog import schemas
from catalog.access import ProductUnknown, SkuUnknown, own, selling
from catalog.documents import Document, level, merchant_document
from catalog.domain.product import Product
from catalog.domain.shelf import Shelf
from catalog.repository.stock import Entry
from catalog.use_cases.announcing import announce
from catalog.use_cases.stock import say_low
from catalog.use_cases.wishes import changed_sheet, new_sheet
from catalog.work import Work
from shared import acts
from shared.auth import Caller
from shared.errors import Conflict, Invalid


class HandleTaken(Conflict):
    """The shop has a product with this handle."""

    code = "handle_taken"


class NoChange(Invalid):
    """A change of stock by nothing is none."""

    code = "no_change"


def create(work: Work, caller: Caller, wish: schemas.CreateProduct) -> Document:
    """A new product with its opening stock, as a draft."""
    caller.require_shop(wish.shop_id)
    shop = selling(work.shops.lock(wish.shop_id))
    sheet = new_sheet(wish)
    if work.products.lock_handles(shop.shop_id, [sheet.handle]):
        raise HandleTaken(handle=sheet.handle)
    product = Product.new(shop.shop_id, sheet)
    save(work, [product], caller.user_id, reason="opening stock")
    acts.tell(about=f"product {product.product_id}", **_standing(product))
    return _document(work, product)


def change(work: Work, caller: Caller, wish: schemas.ChangeProduct) -> Document:
    """Make a product what is wished."""
    return _changed(work, caller, wish, lambda product: product.follow(changed_sheet(product, wish)))


def publish(work: Work, caller: Caller, wish: schemas.OfProduct) -> Document:
    """Put a product on the shelf."""
    return _changed(work, caller, wish, lambda product: product.move(Shelf.ON_SHELF))


def withdraw(work: Work, caller: Caller, wish: schemas.OfProduct) -> Document:
    """Take a product off the shelf: it is not shown and cannot be ordered."""
    return _changed(work, caller, wish, lambda product: product.move(Shelf.OFF_SHELF))


def adjust_stock(work: Work, caller: Caller, wish: schemas.AdjustStock) -> Document:
    """More or fewer pieces on hand, never fewer than buyers hold. Raises BelowReserved, NoChange."""
    shop_id = own(caller, work.products.shop_of_sku(wish.sku_id), SkuUnknown())
    selling(work.shops.share(shop_id))
    if wish.change == 0:
        raise NoChange
    changed = work.stock.lock([wish.sku_id])[wish.sku_id]
    acts.watch(lambda: {"on_hand": changed.on_hand})
    changed.add(wish.change)
    entry = Entry(
        sku_id=wish.sku_id, kind="adjusted", change=wish.change, reason=wish.reason, actor_id=caller.user_id
    )
    work.stock.save([changed], [entry], work.now)
    if changed.fell_low:
        say_low(work, changed)
    return {"sku_id": str(wish.sku_id), **level(changed)}


def save(
    work: Work, products: Sequence[Product], actor_id: UUID | None, *, reason: str, source_id: UUID | None = None
) -> None:
    """Store products; their new SKUs begin with the stock that their sheets say, in the actor's name."""
    work.products.save(products, work.now)
    opening = [
        Entry(
            sku_id=sku_id,
            kind="received",
            change=quantity,
            reason=reason,
            source_id=source_id,
            actor_id=actor_id,
        )
        for product in products
        for sku_id, quantity in product.opening_stock.items()
    ]
    work.stock.open(opening, work.now)


def _changed(
    work: Work,
    caller: Caller,
    wish: schemas.ChangeProduct | schemas.OfProduct,
    make: Callable[[Product], bool],
) -> Document:
    shop_id = own(caller, work.products.shop_of(wish.product_id), ProductUnknown())
    selling(work.shops.share(shop_id))  # before the product: a suspension takes its locks in this order
    product = work.products.lock(wish.product_id)
    assert product is not None  # products are never deleted
    product.expect(wish.version)
    was_on_shelf = product.on_shelf
    acts.watch(lambda: _standing(product))
    if make(product):
        save(work, [product], caller.user_id, reason="opening stock")
        announce(work, product, was_on_shelf=was_on_shelf)
    return _document(work, product)


def _standing(product: Product) -> dict[str, Any]:
    """What the operator log tells of a product."""
    prices = {sku.code: sku.price.amount for sku in product.live_skus}
    return {"version": product.version, "shelf": product.shelf, "title": product.facts.title, "prices": prices}


def _document(work: Work, product: Product) -> Document:
    return merchant_document(product, work.stock.levels(sku.sku_id for sku in product.skus))
