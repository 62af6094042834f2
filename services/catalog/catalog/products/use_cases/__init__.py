"""Use cases that change products, and the events they publish."""
