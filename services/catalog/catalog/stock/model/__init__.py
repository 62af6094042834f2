"""The rules of stock, without I/O."""
