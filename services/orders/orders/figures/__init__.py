"""Figures about orders and refunds, for shoppers and shops."""
