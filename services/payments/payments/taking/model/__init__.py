"""The rules of payments, without a database."""
