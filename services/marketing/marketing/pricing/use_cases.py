"""Updates the copy of catalog's prices."""

from marketing.work import Work
from shared.contracts.catalog import ProductChanged, ProductPublished, ProductWithdrawn


def follow(work: Work, product: ProductPublished | ProductChanged | ProductWithdrawn) -> None:
    """Store a product's state from an event of catalog, unless a newer version is stored."""
    if isinstance(product, ProductWithdrawn):
        work.prices.withdraw(product)
    else:
        work.prices.put(product)
