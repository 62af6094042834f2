"""Shops, their suspension, and the invitations to own them."""
