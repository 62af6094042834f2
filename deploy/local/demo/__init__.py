"""Demo shops, products and accounts, loaded through the public API."""

from local.demo.loader import load, logins

__all__ = ["load", "logins"]
