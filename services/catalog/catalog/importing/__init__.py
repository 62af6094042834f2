"""Imports of product files: parsing Shopify CSVs, the queue of imports, and the worker."""
