"""Settings from the environment, or from the file named by NAME_FILE, as for secrets.

What a process has read is noted with its source, so that operators can see it. Of secrets, and of everything that
comes from a file, only that it is set.
"""

import os
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

SHORTEST_SECRET = 16  # bytes
PLACEHOLDER = "change-me"  # marks the secrets that are to be filled in in the deployment files


# Names of settings whose values are never shown, and the credentials in an address.
CONFIDENTIAL = re.compile(r"PASSWORD|SECRET|KEY|TOKEN|HEADERS|CREDENTIAL")
IN_ADDRESS = re.compile(r"(?<=://).*@|(?<=password=)[^&\s]*", re.IGNORECASE)


class Source(StrEnum):
    """Where the value of a setting comes from."""

    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"


@dataclass(frozen=True)
class Setting:
    """A setting that was read. `value` is None for a confidential one."""

    name: str
    source: Source
    value: str | None


_read: dict[str, Setting] = {}


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
    _note(name, value)
    return value


def number(name: str, default: float) -> float:
    _note(name, str(os.environ.get(name, default)))
    return float(os.environ.get(name, default))


def whole(name: str, default: int) -> int:
    _note(name, str(os.environ.get(name, default)))
    return int(os.environ.get(name, default))


def secret(name: str) -> bytes:
    """Return the bytes of the secret `name`, from the file NAME_FILE or, without one, from NAME itself.

    Raises MissingSetting, WeakSecret. A process reads its secrets at startup and fails without a valid one.
    """
    path = os.environ.get(f"{name}_FILE")
    value = strong(name, Path(path).read_bytes() if path else text(name).encode())
    _note(name, None)
    return value


def secret_text(name: str) -> str:
    """Return the secret `name` as text, without the newline that its file may end with."""
    return secret(name).decode().strip()


def strong(name: str, value: bytes) -> bytes:
    """Return a secret's value. Raises WeakSecret if it is too short or the placeholder."""
    if len(value.strip()) < SHORTEST_SECRET or PLACEHOLDER.encode() in value:
        raise WeakSecret(name)
    return value


def known() -> list[Setting]:
    """The settings that this process has read so far, by name."""
    return [_read[name] for name in sorted(_read.copy())]


def _note(name: str, value: str | None) -> None:
    """Note where a setting came from, and its value unless that is confidential."""
    in_file, given = bool(os.environ.get(f"{name}_FILE")), name in os.environ
    source = Source.FILE if in_file else Source.ENVIRONMENT if given else Source.DEFAULT
    hidden = value is None or in_file or CONFIDENTIAL.search(name)
    _read[name] = Setting(name, source, None if hidden else IN_ADDRESS.sub("…", str(value)))
