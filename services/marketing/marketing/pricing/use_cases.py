"""The copy of the catalogue's prices follows the catalogue."""

from marketing.work import Work
from shared.contracts.catalog import ProductChanged, ProductPublished, ProductWithdrawn


def follow(work: Work, product: ProductPublished | ProductChanged | ProductWithdrawn) -> None:
    """Take over what catalog says of a product, unless something newer is known."""
    if isinstance(product, ProductWithdrawn):
        work.prices.withdraw(product)
    else:
        work.prices.put(product)
