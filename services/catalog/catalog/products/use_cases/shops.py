"""Applies suspensions and approvals of shops to their products.

A suspension takes effect with one row: lists, product views, carts and reservations check the shop's state. Then
its products are withdrawn in chunks, one transaction each, so that other services receive the events; an approval
lists them again in the same way. The shop is `unsettled` until its last product is done, so that any process can
continue after a crash.
"""

from catalog.products.model.shelf import Shelf
from catalog.products.use_cases.publishing import publish_listing
from catalog.work import Work
from shared.contracts.users import ShopApproved, ShopChanged, ShopSuspended
from shared.db import OpenWork

CHUNK = 50  # products per transaction, each with up to 250 SKUs


def approve(work: Work, event: ShopApproved) -> None:
    """Record that the shop may sell; the products that its suspension withdrew are listed again by `settle`."""
    work.shops.record(event.shop_id, approved=True, version=event.version, slug=event.slug, name=event.name)


def rename(work: Work, event: ShopChanged) -> None:
    """Record the name that a shop has chosen; it has no effect on what it sells."""
    work.shops.rename(event.shop_id, event.name, event.version)


def suspend(work: Work, event: ShopSuspended) -> None:
    """Record that the shop may not sell from now on; its listed products are withdrawn by `settle`."""
    work.shops.record(event.shop_id, approved=False, version=event.version, slug=None, name=None)


def settle(open_work: OpenWork[Work]) -> None:
    """Update the products of all unsettled shops, chunk by chunk."""
    more = True
    while more:
        with open_work() as work:
            more = settle_some(work)


def settle_some(work: Work) -> bool:
    """Update one chunk of products of an unsettled shop; False if there is no such shop."""
    shop = work.shops.lock_unsettled()
    if shop is None:
        return False
    present, wanted = (Shelf.SUSPENDED, Shelf.ON_SHELF) if shop.approved else (Shelf.ON_SHELF, Shelf.SUSPENDED)
    products = work.products.lock_shelf(shop.shop_id, present, CHUNK)
    for product in products:
        product.move(wanted)
        publish_listing(work, product, was_on_shelf=present is Shelf.ON_SHELF)
    work.products.save_shelves(products, work.now)
    if len(products) < CHUNK:
        work.shops.settle(shop.shop_id)
    return True
