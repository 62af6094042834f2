"""The rules of ordering, as plain Python: no database, no broker, no framework."""
