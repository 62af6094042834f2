"""Messages to people: the inbox always, mail where the purpose, the recipient and the hour allow it."""
