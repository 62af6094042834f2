"""Posting to merchants, on connections that are kept for the next notifications; no proxy, no redirects."""

import asyncio
from collections import defaultdict, deque
from contextlib import suppress
from http.client import BadStatusLine, RemoteDisconnected
from urllib.parse import SplitResult, urlsplit

Place = tuple[str, str]  # scheme and host
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
END = b"\r\n\r\n"  # of a head


class Poster:
    """Posts to merchants. A kept connection that the merchant has closed is replaced by a new one."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._kept: defaultdict[Place, deque[Connection]] = defaultdict(deque)

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The status of the response. Raises OSError, HTTPException."""
        parts = urlsplit(url)
        kept, request = self._kept[parts.scheme, parts.netloc], _request(parts, body, headers)
        async with asyncio.timeout(self._timeout):
            with suppress(IndexError, ConnectionError):
                return await _on(kept.pop(), kept, request)
            return await _on(await _new(parts), kept, request)

    def close(self) -> None:
        """Close the kept connections."""
        for connections in self._kept.values():
            for _, writer in connections:
                writer.close()


async def _new(parts: SplitResult) -> Connection:
    secure = parts.scheme == "https"
    return await asyncio.open_connection(
        parts.hostname, parts.port or (443 if secure else 80), ssl=True if secure else None
    )


async def _on(connection: Connection, kept: deque[Connection], request: bytes) -> int:
    reader, writer = connection
    try:
        writer.write(request)
        status, length = _understood(await reader.readuntil(END))
        if length is not None:
            await reader.readexactly(length)
    except BaseException as failure:
        writer.close()
        if isinstance(failure, asyncio.IncompleteReadError | asyncio.LimitOverrunError):
            raise RemoteDisconnected("no response") from failure
        raise
    if length is None:
        writer.close()
    else:
        kept.append(connection)
    return status


def _request(parts: SplitResult, body: bytes, headers: dict[str, str]) -> bytes:
    every = {"Host": parts.netloc, "Content-Length": str(len(body)), **headers}
    lines = [f"POST {parts.path or '/'} HTTP/1.1", *(f"{name}: {value}" for name, value in every.items())]
    return "\r\n".join(lines).encode() + END + body


def _understood(head: bytes) -> tuple[int, int | None]:
    """The status, and the length of the body; None if the connection is not to be kept, so that it is not read."""
    first, _, rest = head.partition(b"\r\n")
    version, _, status = first.partition(b" ")
    if not version.startswith(b"HTTP/1.") or not status[:3].isdigit():
        raise BadStatusLine(first.decode("latin-1"))
    lines = (line.partition(b":") for line in rest.lower().split(b"\r\n"))
    headers = {name: value.strip() for name, _, value in lines}
    length = b"0" if status.startswith(b"204") else headers.get(b"content-length", b"")
    ends = version == b"HTTP/1.0" or headers.get(b"connection") == b"close"
    return int(status[:3]), int(length) if length.isdigit() and not ends else None
