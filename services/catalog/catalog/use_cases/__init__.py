"""What changes goods and stock."""
