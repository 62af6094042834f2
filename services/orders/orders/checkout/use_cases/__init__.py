"""What changes in checkouts, a module a subject."""
