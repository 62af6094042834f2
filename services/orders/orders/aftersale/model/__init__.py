"""The rules of refunds, without I/O."""
