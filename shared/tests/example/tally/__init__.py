"""A service to try the delivery core on: it counts what it is told."""
