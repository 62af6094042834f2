"""Sessions: sign-in with a password, refresh, sign-out."""
