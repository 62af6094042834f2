"""Demo shops, goods and people, loaded through the public API like anybody's."""

from local.demo.loader import load, logins

__all__ = ["load", "logins"]
