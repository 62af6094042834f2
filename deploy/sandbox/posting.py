"""Posting to merchants, on connections that are kept for the next notifications; no proxy, no redirects."""

from collections import defaultdict, deque
from contextlib import suppress
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

Place = tuple[str, str]  # scheme and host


class Poster:
    """Posts in any thread. A kept connection that the merchant has closed is replaced by a new one."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._kept: defaultdict[Place, deque[HTTPConnection]] = defaultdict(deque)

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The status of the response. Raises OSError, HTTPException."""
        parts = urlsplit(url)
        place, path = (parts.scheme, parts.netloc), parts.path or "/"
        with suppress(IndexError, ConnectionError):
            return self._on(self._kept[place].pop(), place, path, body, headers)
        return self._on(self._new(place), place, path, body, headers)

    def close(self) -> None:
        """Close the kept connections."""
        for connections in self._kept.values():
            for connection in connections:
                connection.close()

    def _new(self, place: Place) -> HTTPConnection:
        scheme, host = place
        return (HTTPSConnection if scheme == "https" else HTTPConnection)(host, timeout=self._timeout)

    def _on(
        self, connection: HTTPConnection, place: Place, path: str, body: bytes, headers: dict[str, str]
    ) -> int:
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
        except BaseException:
            connection.close()
            raise
        self._kept[place].append(connection)
        return answer.status
