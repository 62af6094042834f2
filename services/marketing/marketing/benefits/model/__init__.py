"""The rules of benefits, without I/O."""
