"""Changes of checkouts, one module per subject."""
