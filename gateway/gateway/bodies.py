"""Reading a request's body: no more than allowed, and only JSON with a single meaning."""

import asyncio
import json
from typing import Any

from starlette.requests import ClientDisconnect, Request

from gateway.config import KIB
from gateway.problems import Problem
from shared.loading import UNSTORABLE

CLOSE = {"Connection": "close"}  # otherwise the rest of the body would be read as the next request
ANY = "*/*"
DEEPEST = 16
LARGEST_NUMBER = 2**53  # every JSON reader keeps integers up to this exactly (RFC 8259 §6)
TIMEOUT = 10  # seconds for a body to arrive, and ...
SLOWEST = 32 * KIB  # ... one more for each of these


async def read(request: Request, most: int) -> bytes:
    """The body. Raises 413 as soon as it is known to be too large, 408 when it does not arrive in time."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > most:
        raise too_large(most)
    if int(declared) == 0 and "transfer-encoding" not in request.headers:
        return b""  # most requests: nothing to wait for
    try:
        async with asyncio.timeout(TIMEOUT + most / SLOWEST):
            return await _whole(request, most)
    except TimeoutError:
        raise Problem(408, "body_too_slow", headers=CLOSE) from None
    except ClientDisconnect:
        raise Problem(400, "body_incomplete", headers=CLOSE) from None


async def _whole(request: Request, most: int) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise too_large(most)
        parts.append(part)
    return b"".join(parts)


def check_type(request: Request, allowed: str) -> None:
    """Raise 415 unless the body is declared as this media type (or any: ANY), in UTF-8 and not compressed."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(415, "encoding_unsupported", headers={"Accept-Encoding": "identity"})
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.partition("charset=")[2].strip(' "')
    if allowed not in (kind.strip(), ANY) or charset not in ("", "utf-8", "utf8"):
        raise Problem(415, "media_type_unsupported", headers={"Accept": allowed}, accept=allowed)


def parse(body: bytes) -> dict[str, Any]:
    """The JSON object in a body. Raises 400 for anything that two readers could interpret differently."""
    try:
        data = json.loads(body.decode(), object_pairs_hook=_once_each, parse_constant=_no_constant)
        _check(data)
    except RecursionError:
        raise malformed(f"JSON may be {DEEPEST} levels deep.") from None
    except ValueError as wrong:
        raise malformed(str(wrong)) from None
    if not isinstance(data, dict):
        raise malformed("The body is a JSON object.")
    return data


def decoded(body: bytes) -> str:
    """The body as text. Raises 400 unless it is storable UTF-8; a byte order mark is kept."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise malformed("The body is not UTF-8.") from None
    if not readable(text):
        raise malformed("The body holds a character that cannot be stored.")
    return text


def too_large(most: int) -> Problem:
    """The body exceeds the limit of its route."""
    return Problem(413, "body_too_large", headers=CLOSE, limit=most)


def malformed(why: str) -> Problem:
    """The body or a parameter cannot be read at all."""
    return Problem(400, "request_malformed", why)


def readable(text: str) -> bool:
    """Whether a text can be stored: no NUL, no half of a surrogate pair."""
    return not UNSTORABLE.search(text)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("A name occurs twice in one object.")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON.")


def _check(data: Any) -> None:
    level, seen = [data], 0
    while level:
        seen += 1
        if seen > DEEPEST:
            raise ValueError(f"JSON may be {DEEPEST} levels deep.")
        for value in level:
            _check_scalar(value)
        level = [inner for value in level for inner in _inside(value)]


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


def _check_scalar(value: Any) -> None:
    if isinstance(value, str) and not readable(value):
        raise ValueError("A text holds a character that cannot be stored.")
    if isinstance(value, int | float) and not abs(value) <= LARGEST_NUMBER:
        raise ValueError("A number is too large.")
