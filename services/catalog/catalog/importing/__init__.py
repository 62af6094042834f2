"""Importing product files: reading a Shopify CSV, the queue of imports, and what its worker does."""
