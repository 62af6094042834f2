"""Messages to users: always in the inbox, by mail where purpose, consent and quiet hours allow it."""
