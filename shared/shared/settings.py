"""Settings from the environment, or from the file named by NAME_FILE, as for secrets."""

import os
from pathlib import Path

SHORTEST_SECRET = 16  # bytes
PLACEHOLDER = "change-me"  # marks the secrets that are to be filled in in the deployment files


class MissingSetting(RuntimeError):
    """A setting without a default is missing in the environment or empty."""


class WeakSecret(RuntimeError):
    """A secret is empty, shorter than 16 bytes, or still the placeholder of the deployment files."""


def is_set(name: str) -> bool:
    """Whether the setting `name` or its file is set and not empty."""
    return bool(os.environ.get(f"{name}_FILE") or os.environ.get(name, "").strip())


def text(name: str, default: str | None = None) -> str:
    """Return the setting `name`. Raises MissingSetting without a default, WeakSecret for a placeholder."""
    path = os.environ.get(f"{name}_FILE")
    value = Path(path).read_text().strip() if path else os.environ.get(name, default)
    if value is None or (default is None and not value.strip()):
        raise MissingSetting(name)
    if PLACEHOLDER in value:
        raise WeakSecret(name)
    return value


def number(name: str, default: float) -> float:
    return float(os.environ.get(name, default))


def whole(name: str, default: int) -> int:
    return int(os.environ.get(name, default))


def secret(name: str) -> bytes:
    """Return the bytes of the secret `name`, from the file NAME_FILE or, without one, from NAME itself.

    Raises MissingSetting, WeakSecret. A process reads its secrets at startup and fails without a valid one.
    """
    path = os.environ.get(f"{name}_FILE")
    return strong(name, Path(path).read_bytes() if path else text(name).encode())


def secret_text(name: str) -> str:
    """Return the secret `name` as text, without the newline that its file may end with."""
    return secret(name).decode().strip()


def strong(name: str, value: bytes) -> bytes:
    """Return a secret's value. Raises WeakSecret if it is too short or the placeholder."""
    if len(value.strip()) < SHORTEST_SECRET or PLACEHOLDER.encode() in value:
        raise WeakSecret(name)
    return value
