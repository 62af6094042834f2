"""The rules of benefits in plain Python."""
