"""Erasure of users on request, once they have no open matters."""
