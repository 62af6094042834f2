"""Addresses of pictures."""

from urllib.parse import urlsplit

LOCAL = "/media/"
LONGEST_ADDRESS = 2048


def is_address(value: str) -> bool:
    """Whether it is an http(s) URL, or a local path below /media/."""
    if len(value) > LONGEST_ADDRESS or any(character.isspace() for character in value):
        return False
    if value.startswith(LOCAL):
        return ".." not in value
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
