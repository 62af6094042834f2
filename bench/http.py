"""A small HTTP/1.1 client for load: one request at a time on one kept connection.

A general client costs as much CPU as the answer that it measures, on the same cores.
"""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

END_OF_HEAD = b"\r\n\r\n"
DATA = b"data: "


class Refused(Exception):
    """An answer other than success: its status, code, and after how many seconds it says to retry, if it does."""

    def __init__(self, status: int, head: bytes, body: bytes) -> None:
        self.status, self.code = status, _code(body)
        self.retry_after = int(head.partition(b"retry-after: ")[2].partition(b"\r\n")[0] or 0)
        super().__init__(f"{status} {self.code}")


@dataclass
class Connection:
    """One connection to a server, opened again when the server has closed it."""

    url: str
    token: str | None = None

    def __post_init__(self) -> None:
        self._address = urlsplit(self.url)
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        authorization = f"Authorization: Bearer {self.token}\r\n" if self.token else ""
        self._headers = f"Host: {self._address.netloc}\r\n{authorization}"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._open:
            self._open[1].close()
            self._open = None

    async def get(self, path: str) -> Any:
        """The JSON at this path. Raises Refused."""
        return await self._call("GET", path, b"", {})

    async def post(self, path: str, body: Any, *, key: str | None = None) -> Any:
        """Send JSON, and return the JSON of the answer. Raises Refused."""
        return await self._call("POST", path, json.dumps(body).encode(), {"Idempotency-Key": key} if key else {})

    async def stream(self, path: str) -> AsyncIterator[Any]:
        """The documents of server-sent events. Raises Refused."""
        reader = await self._send("GET", path, b"", {})
        head = await reader.readuntil(END_OF_HEAD)
        if _status(head) != 200:
            raise Refused(_status(head), head.lower(), b"")
        while line := await reader.readline():
            if line.startswith(DATA):
                yield json.loads(line.removeprefix(DATA))

    async def _call(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Any:
        reader = await self._send(method, path, body, headers)
        head = (await reader.readuntil(END_OF_HEAD)).lower()
        answer = await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0))
        if not 200 <= _status(head) < 300:
            raise Refused(_status(head), head, answer)
        return json.loads(answer) if answer else None

    async def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> asyncio.StreamReader:
        if self._open is None or self._open[0].at_eof():
            self._open = await asyncio.open_connection(self._address.hostname, self._address.port)
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        if body:
            more += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self._open[1].write(f"{method} {path} HTTP/1.1\r\n{self._headers}{more}\r\n".encode() + body)
        return self._open[0]


async def dues(rate: float) -> AsyncIterator[float]:
    """When each request of an open loop is due, at that time: whether or not earlier ones are answered."""
    began = time.monotonic()
    for number in itertools.count():
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        yield due


async def read_once(url: str, paths: Sequence[str], connections: int) -> float:
    """Read each path once; returns how many were read in a second. Raises Refused."""
    left, began = iter(paths), time.monotonic()

    async def reads() -> None:
        async with Connection(url) as one:
            for path in left:
                await one.get(path)

    await asyncio.gather(*(reads() for _ in range(connections)))
    return len(paths) / (time.monotonic() - began)


def _status(head: bytes) -> int:
    return int(head[9:12])


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body).get("code"))
    except (ValueError, AttributeError):
        return "unknown"
