"""What changes imports, and products by them."""
