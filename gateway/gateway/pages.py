"""Pages beside the API: health, media, the API document and its reading page."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.routing import Route as Page
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway import reading_page
from gateway.broker import Link
from gateway.web.site import Site
from shared import health

# A picture may be an SVG, and an SVG may contain a script: sandboxed, it runs none.
MEDIA_HEADERS = {
    "Cache-Control": "public, max-age=3600",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}
Count = Callable[[Request], Awaitable[None]]


class Media(StaticFiles):
    """The files of one folder; paths outside of it are not found."""

    def __init__(self, folder: Path, count: Count) -> None:
        super().__init__(directory=folder, check_dir=False)
        self._count = count

    async def get_response(self, path: str, scope: Scope) -> Response:
        scope["jishi.path"] = "/media/{file}"
        await self._count(Request(scope))
        try:
            response = await super().get_response(path, scope)
        except (ValueError, OSError):  # a name that no file can have
            raise HTTPException(404) from None
        response.headers.update(MEDIA_HEADERS)
        return response


def pages(
    link: Link | None, media: Path | None, site: Site | None, document: dict[str, Any], count: Count
) -> list[BaseRoute]:
    """The routes outside of /api; all but health are counted against the sender. Without a site / is the API."""
    described = json.dumps(document, ensure_ascii=False).encode()

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(_: Request) -> Response:
        failing = [] if link is None or link.is_open else [health.BROKER]
        status, body = health.readiness(failing, was_ready=link is None or link.was_open)
        return JSONResponse(body, status)

    async def openapi(request: Request) -> Response:
        await count(request)
        return Response(described, media_type="application/json")

    async def front(request: Request) -> Response:
        await count(request)
        return RedirectResponse("/docs", 307)  # a path alone: the Host header has no influence on it

    found: list[BaseRoute] = [
        *(site.routes() if site else [Page("/", front)]),
        Page("/health/live", live),
        Page("/health/ready", ready),
        Page("/openapi.json", openapi),
        *reading_page.routes(count),
    ]
    if media:
        found.append(Mount("/media", Media(media, count)))
    return found


def not_found(count: Count, site: Site | None = None) -> ASGIApp:
    """The answer to an unknown path: 404, counted like any other request; for a person, a page that says so."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if scope["type"] == "http":
            await count(request)
            if site and site.is_for_people(request):
                await (await site.missing(request))(scope, receive, send)
                return
        raise HTTPException(404)

    return answer
