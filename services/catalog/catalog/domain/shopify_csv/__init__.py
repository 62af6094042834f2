"""Reading a Shopify product CSV: rows grouped by handle, into sheets of products and problems of rows.

The format: https://help.shopify.com/en/manual/products/import-export/using-csv. Rows with one Handle are one
product. The first of them carries its title and description; the others carry a variant, a picture, or both.
A row is taken whole or not at all; a product whose first row is refused stays out with all its rows.
"""

from catalog.domain.shopify_csv.problems import Problem
from catalog.domain.shopify_csv.rows import FileRefused, FileTooLarge
from catalog.domain.shopify_csv.sheets import ListedSheet, ProductFile, read

__all__ = ["FileRefused", "FileTooLarge", "ListedSheet", "Problem", "ProductFile", "read"]
