"""An example service for tests of the delivery core: it counts the messages that it handles."""
