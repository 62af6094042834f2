"""One transaction of catalog, with its repositories."""

from functools import cached_property

import shared.db
from catalog.repository.categories import Categories
from catalog.repository.imports import Imports
from catalog.repository.listings import Listings
from catalog.repository.products import Products
from catalog.repository.shops import Shops
from catalog.repository.stock import Claims, Stock


class Work(shared.db.Work):
    """Everything that catalog keeps, within one transaction."""

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
