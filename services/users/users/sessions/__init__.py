"""Sessions: signing in with a password, staying signed in, signing out."""
