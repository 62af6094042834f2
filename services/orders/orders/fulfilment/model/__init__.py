"""The rules of fulfilment, as plain Python."""
