"""The keys of personal columns: the files of one folder, PERSONAL_KEYS_DIR.

    key-1, key-2, …   data keys, 32 random bytes in base64 each; all are used for decryption
    current           the number of the key for encryption; without this file it is the highest one
    index             the key of the blind indexes, 32 random bytes in base64

Install a key everywhere before `current` names it: a process without it cannot read what other processes write.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared import settings

SETTING = "PERSONAL_KEYS_DIR"
NAME = re.compile(r"key-([0-9]{1,5})")
NUMBER = re.compile(rb"[0-9]{1,5}")
LENGTH = 32  # bytes: AES-256, HMAC-SHA256
HIGHEST = 2**16 - 1  # the key number takes two bytes of a stored value


class PersonalKeyMissing(RuntimeError):
    """PERSONAL_KEYS_DIR has no data key, no key of the number in `current`, or no `index`."""


class PersonalKeyInvalid(RuntimeError):
    """A file of PERSONAL_KEYS_DIR is no key (base64 of 32 bytes, key-1 to key-65535), or `current` no number."""


@dataclass(frozen=True)
class KeyRing:
    """All keys of an installation: `current` encrypts, all decrypt, `index` is for blind indexes."""

    ciphers: Mapping[int, AESGCM]
    current: int
    index: bytes


@cache
def ring() -> KeyRing:
    """The keys of this process, read once.

    Raises MissingSetting without PERSONAL_KEYS_DIR, PersonalKeyMissing, PersonalKeyInvalid.
    """
    return read(Path(settings.text(SETTING)))


def read(folder: Path) -> KeyRing:
    """The keys of a folder. Raises PersonalKeyMissing, PersonalKeyInvalid."""
    files = {path.name: path for path in folder.glob("[!.]*") if path.is_file()} if folder.is_dir() else {}
    keys = {_number(path): _key(path) for name, path in files.items() if name not in ("current", "index")}
    if not keys or "index" not in files:
        raise PersonalKeyMissing(f"{folder} ({SETTING}) needs a data key, key-1, and a file `index`")
    current = _current(files["current"]) if "current" in files else max(keys)
    if current not in keys:
        raise PersonalKeyMissing(f"{folder / 'current'} names {current}, which does not exist")
    return KeyRing({number: AESGCM(key) for number, key in keys.items()}, current, _key(files["index"]))


def new_key() -> str:
    """The content of a new key file."""
    return base64.b64encode(secrets.token_bytes(LENGTH)).decode()


def _number(path: Path) -> int:
    named = NAME.fullmatch(path.name)
    if not named or not 1 <= int(named[1]) <= HIGHEST:
        raise PersonalKeyInvalid(str(path))
    return int(named[1])


def _current(path: Path) -> int:
    number = path.read_bytes().strip()
    if not NUMBER.fullmatch(number):
        raise PersonalKeyInvalid(str(path))
    return int(number)


def _key(path: Path) -> bytes:
    try:
        key = base64.b64decode(path.read_text().strip(), validate=True)
    except (binascii.Error, UnicodeDecodeError):
        raise PersonalKeyInvalid(str(path)) from None
    if len(key) != LENGTH:
        raise PersonalKeyInvalid(str(path))
    return key
