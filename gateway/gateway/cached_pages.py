"""Pages that everybody reads, as bytes: answered before routing, without a call, and without building JSON.

A page is the answer to a public request (`cached` in its contract) under one address. It has an entity tag, so
that a client that has it already gets 304 (RFC 9110 §13.1.2).
"""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway import problems
from gateway.headers import header
from gateway.problems import Problem
from shared.errors import Refusal

if TYPE_CHECKING:
    from gateway.serving import Gateway

Address = tuple[str, bytes]  # path and query


@dataclass
class Page:
    """The bytes of an answer with their entity tag, and the route's path for logs and metrics."""

    body: bytes
    path: str

    def __post_init__(self) -> None:
        self.etag = f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'
        # clients may store it, but ask each time whether it is still valid
        self.headers = [(b"cache-control", b"no-cache"), (b"etag", self.etag.encode())]
        length = str(len(self.body)).encode()
        self._content = [(b"content-type", b"application/json"), (b"content-length", length)]

    async def send(self, send: Send, known: str | None = None) -> None:
        """Send it, or 304 if the client knows this version already."""
        if known is not None and self._is_one_of(known):
            await send({"type": "http.response.start", "status": 304, "headers": self.headers})
            await send({"type": "http.response.body", "body": b""})
            return
        await send({"type": "http.response.start", "status": 200, "headers": [*self.headers, *self._content]})
        await send({"type": "http.response.body", "body": self.body})

    def _is_one_of(self, known: str) -> bool:
        """Whether an If-None-Match header names this version; weakness does not matter there."""
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        return "*" in tags or self.etag in tags


class PageResponse(Response):
    """A page as the response of a route."""

    def __init__(self, page: Page, known: str | None) -> None:
        super().__init__()
        self._page, self._known = page, known

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await self._page.send(send, self._known)


class CachedPages:
    """Middleware: answers cached pages itself and passes on everything else."""

    def __init__(self, app: ASGIApp, gateway: "Gateway") -> None:
        self._app, self._gateway = app, gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = self._gateway.cache.find(address_in(scope)) if scope.get("method") == "GET" else None
        if page is None:
            await self._app(scope, receive, send)
            return
        scope["jishi.path"] = page.path
        request = Request(scope)
        try:
            scope["jishi.caller"] = await self._gateway.admit_reader(request)
        except (Problem, Refusal) as refused:
            response = await problems.answer(request, refused)
            await response(scope, receive, send)
            return
        await page.send(send, header(scope, b"if-none-match"))


def address_in(scope: Scope) -> Address:
    """The address of a request: path and query."""
    return scope["path"], scope["query_string"]
