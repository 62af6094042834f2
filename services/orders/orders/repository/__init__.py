"""Rows into domain objects and back. One class an aggregate, each on the connection of one Work."""
