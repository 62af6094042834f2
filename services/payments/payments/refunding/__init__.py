"""Refunds, their attempts at the provider, and settlements by hand."""
