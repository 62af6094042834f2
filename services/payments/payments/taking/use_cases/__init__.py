"""What changes when money comes in."""
