"""What changes: opening, capturing, cancelling, refunding, and cash at the door."""
