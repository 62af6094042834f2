"""Settings come from the environment; each may come from the file that NAME_FILE points to, as secrets do."""

import os
from pathlib import Path


class MissingSetting(RuntimeError):
    """A setting without a default is not in the environment."""


def text(name: str, default: str | None = None) -> str:
    """Return the setting `name`; without one and without a default the process must not start."""
    path = os.environ.get(f"{name}_FILE")
    value = Path(path).read_text().strip() if path else os.environ.get(name, default)
    if value is None:
        raise MissingSetting(name)
    return value


def number(name: str, default: float) -> float:
    return float(os.environ.get(name, default))


def whole(name: str, default: int) -> int:
    return int(os.environ.get(name, default))


def secret(name: str) -> bytes:
    """Return the bytes of the secret `name`, from the file NAME_FILE or, without one, from NAME itself."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_bytes() if path else text(name).encode()
