"""Use cases of messages: sending, mailing, reading and preferences."""
