"""One transaction of catalog, with the stores of its modules."""

from functools import cached_property

import shared.db
from catalog.importing.store import Imports
from catalog.listing.store import Categories, Listings
from catalog.products.store.products import Products
from catalog.products.store.shops import Shops
from catalog.stock.store import Claims, Stock


class Work(shared.db.Work):
    """The stores of catalog within one transaction."""

    @cached_property
    def shops(self) -> Shops:
        return Shops(self.connection)

    @cached_property
    def products(self) -> Products:
        return Products(self.connection)

    @cached_property
    def categories(self) -> Categories:
        return Categories(self.connection)

    @cached_property
    def listings(self) -> Listings:
        return Listings(self.connection)

    @cached_property
    def stock(self) -> Stock:
        return Stock(self.connection)

    @cached_property
    def claims(self) -> Claims:
        return Claims(self.connection)

    @cached_property
    def imports(self) -> Imports:
        return Imports(self.connection)
