"""Erasure of persons on request, once none of their matters are open."""
