"""The rules of money that comes in, without a database."""
