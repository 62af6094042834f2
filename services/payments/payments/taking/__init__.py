"""Money that comes in: payments, captures, cash at the door, notifications, and unidentified money."""
