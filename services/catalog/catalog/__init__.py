"""The catalogue: products, their stock, lists and imports."""
