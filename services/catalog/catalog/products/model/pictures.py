"""Where a picture may be."""

from urllib.parse import urlsplit

OURS = "/media/"
LONGEST_ADDRESS = 2048


def is_address(value: str) -> bool:
    """Whether it is an http(s) address, or a path of our own below /media/."""
    if len(value) > LONGEST_ADDRESS or any(character.isspace() for character in value):
        return False
    if value.startswith(OURS):
        return ".." not in value
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
