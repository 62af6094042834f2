"""Cursors: an opaque text that encodes where a page ended, passed with the request for the next page."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from shared.errors import Invalid
from shared.loading import UNSTORABLE

Reader = Callable[[Any], Any]


class CursorInvalid(Invalid):
    """The cursor belongs to another list or another sort order."""

    code = "cursor_invalid"


def write(order: str, key: Sequence[Any]) -> str:
    """The cursor for the position `key` in a list sorted by `order`."""
    text = json.dumps([order, *key], default=str, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(order: str, cursor: str | None, *readers: Reader) -> list[Any] | None:
    """The key of a cursor, one value for each reader; None without a cursor. Raises CursorInvalid."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_for, *key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if made_for == order and len(key) == len(readers):
            return [reader(value) for reader, value in zip(readers, key, strict=True)]
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError):
        pass
    raise CursorInvalid


def number(value: Any) -> int:
    """A whole number that PostgreSQL can compare with a bigint. Raises ValueError."""
    if type(value) is not int or abs(value) >= 2**63:
        raise ValueError(value)
    return value


def identity(value: Any) -> UUID:
    """An id. Raises ValueError."""
    return UUID(str(value))


def name(value: Any) -> str:
    """A text that PostgreSQL can store. Raises ValueError."""
    if not isinstance(value, str) or UNSTORABLE.search(value):
        raise ValueError(value)
    return value
