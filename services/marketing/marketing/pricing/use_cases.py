"""Updates the copy of catalog's prices."""

from collections.abc import Iterable
from uuid import UUID

from marketing.work import Work
from shared.contracts.catalog import ProductChanged, ProductPublished, ProductWithdrawn

CatalogEvent = ProductPublished | ProductChanged | ProductWithdrawn


def follow(work: Work, events: Iterable[CatalogEvent]) -> None:
    """Store the products' states from events of catalog, unless newer versions are stored."""
    newest: dict[UUID, CatalogEvent] = {}
    for event in sorted(events, key=lambda event: -event.version):
        newest.setdefault(event.product_id, event)
    work.prices.store(newest.values())
