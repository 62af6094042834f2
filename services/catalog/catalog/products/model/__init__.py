"""The rules of products, without I/O."""
