"""Writing to people, sending the mail, and what people do with their messages."""
