"""What search engines ask for: robots.txt and the sitemap, kept for a minute."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.routing import Route as Page

from gateway.serving import Gateway
from gateway.web import sitemap
from gateway.web.plain import Read
from gateway.web.reading import origin_of, reading

Make = Callable[[Read, str], Awaitable[str]]


class Engines:
    """Serves robots.txt and the parts of the sitemap."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def routes(self) -> list[BaseRoute]:
        """Their routes."""
        return [
            Page("/robots.txt", self.robots),
            Page("/sitemap.xml", self.index),
            Page("/sitemap-pages.xml", self.pages),
            Page("/sitemap-products.xml", self.products),
            Page("/sitemap-products-{after:uuid}.xml", self.products),
        ]

    async def robots(self, request: Request) -> Response:
        await self._gateway.count_file(request)
        return PlainTextResponse(sitemap.robots(origin_of(self._gateway, request)))

    async def index(self, request: Request) -> Response:
        return await self._answer(request, sitemap.index)

    async def pages(self, request: Request) -> Response:
        return await self._answer(request, sitemap.pages)

    async def products(self, request: Request) -> Response:
        after: UUID | None = request.path_params.get("after")
        return await self._answer(request, lambda read, origin: sitemap.products(read, origin, after))

    async def _answer(self, request: Request, make: Make) -> Response:
        request.scope["jishi.path"] = "/sitemap.xml"
        await self._gateway.count_file(request)
        origin = origin_of(self._gateway, request)

        async def built() -> tuple[str, frozenset[str], int]:
            # what is listed changes all the time: a minute later is soon enough
            document = await make(reading(self._gateway), origin)
            return document, frozenset(), len(document.encode())

        document = await self._gateway.cache.get(("sitemap", origin, request.url.path), built, page=True)
        return Response(document, media_type="application/xml")
