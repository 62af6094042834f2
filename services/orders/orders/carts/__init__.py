"""Carts: a shopper's own, a guest's, and how the one goes into the other."""
