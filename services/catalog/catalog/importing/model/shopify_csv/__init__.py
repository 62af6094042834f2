"""Reading a Shopify product CSV: rows grouped by handle, into sheets of products and problems of rows.

The format: https://help.shopify.com/en/manual/products/import-export/using-csv. Rows with one Handle are one
product. The first of them carries its title and description, and may carry a variant and a picture; the others
carry a variant, a picture, or both. A row is taken whole or not at all; a product whose first row is refused, or
that has no variant in the end, stays out with all its rows.
"""

from catalog.importing.model.shopify_csv.problems import Problem, failure
from catalog.importing.model.shopify_csv.rows import FileRefused, FileTooLarge, encoded
from catalog.importing.model.shopify_csv.sheets import ListedSheet, ProductFile, read

__all__ = ["FileRefused", "FileTooLarge", "ListedSheet", "Problem", "ProductFile", "encoded", "failure", "read"]
