"""The rules of goods and stock, without I/O."""
