"""The rules of refunds, without a database."""
