"""The rules of fulfilment, without I/O."""
