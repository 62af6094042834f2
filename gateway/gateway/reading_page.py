"""The API document as a page: Swagger UI, served from its package, so that nothing is loaded from elsewhere."""

from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

ASSET_HEADERS = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
ASSETS = "/docs/assets"
# Swagger UI sets inline styles, and draws its icons from data URLs.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
SCRIPT, STYLE, START = "swagger-ui-bundle.js", "swagger-ui.css", "start.js"
PAGE = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Jishi 集市 API</title>
<link rel="stylesheet" href="{ASSETS}/{STYLE}">
<div id="api"></div>
<noscript><a href="/openapi.json">openapi.json</a></noscript>
<script src="{ASSETS}/{SCRIPT}"></script>
<script src="{ASSETS}/{START}"></script>
</html>
"""
OPEN = """SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#api", deepLinking: true, docExpansion: "none", filter: true, validatorUrl: null
})
"""


def routes(count: Callable[[Request], Awaitable[None]]) -> list[Route]:
    """The page and its files; each request is counted."""
    files = assets()

    async def page(request: Request) -> Response:
        await count(request)
        return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})

    async def asset(request: Request) -> Response:
        await count(request)
        try:
            body, kind = files[request.path_params["name"]]
        except KeyError:
            raise HTTPException(404) from None
        return Response(body, headers=ASSET_HEADERS, media_type=kind)

    return [Route("/docs", page), Route(f"{ASSETS}/{{name}}", asset)]


def assets() -> dict[str, tuple[bytes, str]]:
    """The files of the page by name, each with its content and media type."""
    package = find_spec("swagger_ui")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("swagger-ui-py is not installed")
    static = Path(package.submodule_search_locations[0]) / "static"
    return {
        SCRIPT: ((static / SCRIPT).read_bytes(), "text/javascript"),
        STYLE: ((static / STYLE).read_bytes(), "text/css"),
        START: (OPEN.encode(), "text/javascript"),
    }
