"""The rules of product files, without I/O."""
