"""The rules of refunds, as plain Python."""
