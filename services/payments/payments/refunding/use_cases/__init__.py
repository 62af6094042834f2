"""What changes when money goes back."""
