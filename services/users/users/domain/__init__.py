"""The rules of accounts, sessions and shops, without a database."""
