"""The service catalog, composed of its modules."""

from catalog.auditing import AuditQueries
from catalog.importing.endpoints import Importing
from catalog.listing.endpoints import Listing
from catalog.products.endpoints import Products
from catalog.retention import RULES
from catalog.stock.endpoints import Stock
from catalog.work import Work
from shared.audited import Audited
from shared.db import Database
from shared.operated import Operated
from shared.retained import Retention


class CatalogService(Products, Stock, Listing, Importing, AuditQueries, Operated, Audited):
    """Products, categories, stock and its reservations, and imports of product files."""

    name = "catalog"
    work = Database(Work)
    retention = Retention(RULES)
