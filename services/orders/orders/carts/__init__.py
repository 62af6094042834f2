"""Carts of shoppers and guests, and how a guest's is merged at sign-in."""
