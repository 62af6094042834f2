"""The rules of checkouts, without I/O."""
