"""Loads the demo data."""

from local.system import Site


def load(site: Site) -> None:
    """Create what is missing of the demo data; what is there stays as it is."""


def logins(site: Site) -> list[tuple[str, str, str]]:
    """Role, e-mail and password of the demo people."""
    return []
