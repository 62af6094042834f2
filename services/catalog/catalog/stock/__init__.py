"""Stock levels of SKUs, and reservations."""
