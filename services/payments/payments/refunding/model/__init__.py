"""The rules of money that goes back, without a database."""
