"""Following users' word about shops: what a suspended shop sells is withdrawn until it is approved again."""

from uuid import UUID

from catalog.domain.shelf import Shelf
from catalog.use_cases.announcing import announce
from catalog.work import Work
from shared.contracts.users import ShopApproved, ShopSuspended


def approve(work: Work, event: ShopApproved) -> None:
    """The shop may sell; what was on its shelf when it was suspended comes back."""
    if work.shops.hear(event.shop_id, approved=True, version=event.version, slug=event.slug, name=event.name):
        _move(work, event.shop_id, Shelf.SUSPENDED, Shelf.ON_SHELF)


def suspend(work: Work, event: ShopSuspended) -> None:
    """The shop may not sell: all it has on the shelf is withdrawn."""
    if work.shops.hear(event.shop_id, approved=False, version=event.version, slug=None, name=None):
        _move(work, event.shop_id, Shelf.ON_SHELF, Shelf.SUSPENDED)


def _move(work: Work, shop_id: UUID, present: Shelf, wanted: Shelf) -> None:
    moved = work.products.lock_shelf(shop_id, present)
    for product in moved:
        product.move(wanted)
        announce(work, product, was_on_shelf=present is Shelf.ON_SHELF)
    work.products.save(moved, work.now)
