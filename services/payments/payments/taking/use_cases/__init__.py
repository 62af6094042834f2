"""The use cases of taking."""
