"""Use cases that change imports, and products by imports."""
