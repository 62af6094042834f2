"""Parsing a Shopify product CSV: rows are grouped by handle into product sheets, and row problems are collected.

The format: https://help.shopify.com/en/manual/products/import-export/using-csv. Rows with one Handle are one
product. The first row has its title and description, and may have a variant and a picture; the others have a
variant, a picture, or both. A row is accepted or refused as a whole; a product whose first row is refused, or that
has no variant, is left out with all its rows.
"""

from catalog.importing.model.shopify_csv.problems import Problem, failure
from catalog.importing.model.shopify_csv.rows import FileRefused, FileTooLarge, encoded
from catalog.importing.model.shopify_csv.sheets import ListedSheet, ProductFile, read

__all__ = ["FileRefused", "FileTooLarge", "ListedSheet", "Problem", "ProductFile", "encoded", "failure", "read"]
