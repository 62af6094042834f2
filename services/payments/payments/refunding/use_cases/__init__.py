"""The use cases of refunding."""
