"""After the sale: refunds, their amounts, and cancellations."""
