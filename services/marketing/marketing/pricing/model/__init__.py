"""The rules of pricing, without I/O."""
