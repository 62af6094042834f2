"""What changes in users."""
