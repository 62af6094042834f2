"""Following users' word about shops.

A suspended shop stops selling with one row: listing, product, cart and reservation look at its state. Then its
products leave the shelf one chunk after the other, each in a transaction of its own, so that other services and
their copies follow; an approval brings them back in the same way. The shop stays `unsettled` until its last
product has followed, so that any process goes on where another one died.
"""

from catalog.products.model.shelf import Shelf
from catalog.products.use_cases.announcing import announce
from catalog.work import Work
from shared.contracts.users import ShopApproved, ShopSuspended
from shared.db import OpenWork

CHUNK = 50  # products in a transaction, each with up to 250 SKUs


def approve(work: Work, event: ShopApproved) -> None:
    """The shop may sell; what was on its shelf when it was suspended is to come back."""
    work.shops.record(event.shop_id, approved=True, version=event.version, slug=event.slug, name=event.name)


def suspend(work: Work, event: ShopSuspended) -> None:
    """The shop may not sell from now on; all it has on the shelf is to be withdrawn."""
    work.shops.record(event.shop_id, approved=False, version=event.version, slug=None, name=None)


def settle(open_work: OpenWork[Work]) -> None:
    """Have the products of all shops follow them, chunk by chunk."""
    more = True
    while more:
        with open_work() as work:
            more = settle_some(work)


def settle_some(work: Work) -> bool:
    """Have some products of a shop follow it; False when there is none to do."""
    shop = work.shops.lock_unsettled()
    if shop is None:
        return False
    present, wanted = (Shelf.SUSPENDED, Shelf.ON_SHELF) if shop.approved else (Shelf.ON_SHELF, Shelf.SUSPENDED)
    products = work.products.lock_shelf(shop.shop_id, present, CHUNK)
    for product in products:
        product.move(wanted)
        announce(work, product, was_on_shelf=present is Shelf.ON_SHELF)
    work.products.save_shelves(products, work.now)
    if len(products) < CHUNK:
        work.shops.settle(shop.shop_id)
    return True
