"""Orders: carts, checkouts, orders per shop, shipments, refunds, and the sagas that carry them out."""
