"""The business processes that orders carries out, one file each."""
