"""After the sale: refunds, what they pay, and cancellations."""
