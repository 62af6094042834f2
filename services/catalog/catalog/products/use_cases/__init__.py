"""What changes products, and what others are told of it."""
