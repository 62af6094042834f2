"""What changes in marketing, and what is said of it."""
