"""Products and shops: rows in and out; no rules."""
