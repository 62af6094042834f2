"""The rules of checking out, as plain Python."""
