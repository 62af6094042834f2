"""The addresses that shoppers keep for the next order."""
