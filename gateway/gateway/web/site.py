"""The built apps: the storefront at `/`, with the plain content of its pages in their HTML, and the desks.

A page whose thing does not exist is answered with 404 and the app, which says so. While a service does not answer,
the page is served without content, and the app tries again by itself.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute
from starlette.routing import Route as Page

from gateway import languages, problems
from gateway.limits import Limit
from gateway.problems import Problem
from gateway.serving import Gateway
from gateway.web import apps, files, plain
from gateway.web.engines import Engines
from gateway.web.reading import origin_of, reading
from gateway.web.shell import Plain, bare, filled
from shared.auth import ANONYMOUS
from shared.errors import Kind, Refusal

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache", "Vary": "Accept-Language, Cookie"}
CHOSEN = re.compile(r"(?:^|;\s*)lang=([\w-]+)")
LONGEST_ADDRESS = 1024  # characters; pages of longer ones are not cached

Build = Callable[[plain.Read, str, dict[str, str]], Awaitable[Plain]]


class Address(NamedTuple):
    """The pages of an address: what makes their content, and the query parameters that name one of them."""

    path: str
    build: Build
    named_by: tuple[str, ...] = ()


ADDRESSES = (
    Address("/", plain.home),
    Address("/goods", plain.listing, ("q", "category", "shop_id", "sort")),
    Address("/products/{product_id:uuid}", plain.product),
    Address("/shops/{shop_id:uuid}", plain.shop, ("q", "sort")),
)
PRIVATE = {**HEADERS, "X-Robots-Tag": "noindex"}  # pages of one person, without content for search engines
OTHERS = ("/api/", "/media/", "/assets/")  # below these nothing is a page


class Visit(NamedTuple):
    """What a page's HTML depends on: the language, and the origin and address that are named in it."""

    language: str
    origin: str
    address: str


class Site:
    """Serves the apps that were built into a folder."""

    def __init__(self, gateway: Gateway, folder: Path) -> None:
        self._gateway = gateway
        self._apps = apps.read(folder, gateway.config.payment_sandbox)

    def routes(self) -> list[BaseRoute]:
        """The routes of the pages and files."""
        pages = [Page(each.path, partial(self.page, each)) for each in ADDRESSES]
        of_apps = (route for app in self._apps for route in self._routes_of(app))
        return [*pages, *Engines(self._gateway).routes(), *of_apps]

    def _routes_of(self, app: apps.App) -> list[BaseRoute]:
        known = {apps.shape(each.path) for each in ADDRESSES}
        paths = [path for path in app.paths if apps.shape(path) not in known]
        if app.base and app.shell:
            paths.append(app.base)
        pages = [Page(path, partial(self._private, app, path)) for path in paths]
        files_ = [Page(f"{app.base}/{name}", partial(self._file, file)) for name, file in app.files.items()]
        return [*pages, *files_]

    async def _private(self, app: apps.App, path: str, request: Request) -> Response:
        """A page whose content only the app has."""
        request.scope["jishi.path"] = f"{app.base}/{{page}}"
        await self._gateway.count(request, ANONYMOUS, Limit.REQUESTS)
        return self._plainly(app, request, 200, path)

    def _plainly(self, app: apps.App, request: Request, status: int, path: str = "") -> Response:
        language = language_of(request)
        html = bare(app.shell, language, app.scripts_of(path, language))
        return HTMLResponse(html, status, {**PRIVATE, "Content-Language": language})

    def is_for_people(self, request: Request) -> bool:
        """Whether a page is what was asked for, and not data or a file."""
        wants = "text/html" in request.headers.get("accept", "")
        return wants and request.method in ("GET", "HEAD") and not request.url.path.startswith(OTHERS)

    async def _file(self, file: files.File, request: Request) -> Response:
        request.scope["jishi.path"] = "/{file}"
        await self._gateway.count_file(request)
        return file.response(request)

    async def page(self, address: Address, request: Request) -> Response:
        """A page in the visitor's language."""
        request.scope["jishi.path"] = address.path
        await self._gateway.count(request, ANONYMOUS, Limit.REQUESTS)
        language = language_of(request)
        given = {name: str(value) for name, value in request.path_params.items()}
        given |= {name: request.query_params[name] for name in address.named_by if name in request.query_params}
        visit = Visit(language, origin_of(self._gateway, request), request.url.path + _query(address, given))
        status, html = await self._answer(address, visit, given)
        return HTMLResponse(html, status, {**HEADERS, "Content-Language": language})

    async def missing(self, request: Request) -> Response:
        """The app under an address that no page has: it says that nothing is there."""
        path = request.url.path
        below = (app for app in self._apps if app.base and app.shell and path.startswith(f"{app.base}/"))
        return self._plainly(next(below, self._apps[0]), request, 404)

    def _filled(self, address: Address, content: Plain, visit: Visit) -> str:
        scripts = self._apps[0].scripts_of(address.path, visit.language)
        return filled(
            self._apps[0].shell,
            content,
            visit.language,
            origin=visit.origin,
            address=visit.address,
            scripts=scripts,
        )

    async def _answer(self, address: Address, visit: Visit, given: dict[str, str]) -> tuple[int, str]:
        try:
            return 200, await self._cached(address, visit, given)
        except (Refusal, Problem) as refused:
            return _status_of(refused), self._filled(address, Plain(), visit)

    async def _cached(self, address: Address, visit: Visit, given: dict[str, str]) -> str:
        async def built() -> tuple[str, frozenset[str], int]:
            ids: set[str] = set()
            read = reading(self._gateway, ids.update)
            html = self._filled(address, await address.build(read, visit.language, given), visit)
            return html, frozenset(ids), len(html.encode())

        if len(visit.origin) + len(visit.address) > LONGEST_ADDRESS:
            return (await built())[0]
        return str(await self._gateway.cache.get(visit, built, page=True))


def _status_of(failure: Refusal | Problem) -> int:
    """404 for what does not exist, 410 for what is gone; otherwise the app shows what is the case."""
    if isinstance(failure, Refusal) and failure.kind is Kind.NOT_FOUND:
        return problems.of_refusal(failure).status
    return 200


def language_of(request: Request) -> str:
    """The language of a page: the address's, else the visitor's choice, else the browser's; Chinese by default.

    The app decides in the same order (web/kit/src/language.ts).
    """
    for chosen in (request.query_params.get("lang", ""), _chosen(request.headers.get("cookie", ""))):
        primary = chosen.lower().partition("-")[0]
        if primary in tuple(languages.Language):
            return primary
    known = request.headers.get("accept-language")
    return str(languages.preferred(request.headers)) if known else "zh"


def _chosen(cookie: str) -> str:
    found = CHOSEN.search(cookie)
    return found[1] if found else ""


def _query(address: Address, given: Mapping[str, str]) -> str:
    named = {name: given[name] for name in address.named_by if name in given}
    return f"?{urlencode(named, quote_via=quote)}" if named else ""
