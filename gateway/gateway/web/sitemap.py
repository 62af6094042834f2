"""What search engines may read, and where it is: robots.txt and the sitemap (sitemaps.org, version 0.9).

The sitemap is an index of parts with at most ten thousand products each.
"""

from collections.abc import Iterable
from html import escape
from typing import Any
from uuid import UUID

from gateway.web.plain import Read
from shared.contracts.catalog.requests import GetSitemapPart, GetSitemapParts
from shared.contracts.users.requests import ListShops

SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
PAGES = ("/", "/goods")
NOT_FOR_ENGINES = ("/api/", "/merchant", "/operator", "/cart", "/checkout", "/pay/", "/orders", "/me", "/sign-in")
MOST_SHOPS = 10_000
ONLY_HERE = (GetSitemapParts, GetSitemapPart)  # requests without a route


def robots(origin: str) -> str:
    """The rules for robots: the pages of one person are not for them."""
    rules = "".join(f"Disallow: {path}\n" for path in NOT_FOR_ENGINES)
    return f"User-agent: *\n{rules}\nSitemap: {origin}/sitemap.xml\n"


async def index(read: Read, origin: str) -> str:
    """The index of all parts."""
    parts = await read(GetSitemapParts, {})
    names = ["pages", "products", *(f"products-{after}" for after in parts["after"])]
    entries = (f"<sitemap><loc>{escape(origin)}/sitemap-{name}.xml</loc></sitemap>" for name in names)
    return _document("sitemapindex", entries)


async def pages(read: Read, origin: str) -> str:
    """The part with the pages that are not products: the front page, the list of all goods, the shops."""
    shops = [f"/shops/{shop['shop_id']}" for shop in await _shops(read)]
    return _document("urlset", (_url(origin + path) for path in (*PAGES, *shops)))


async def products(read: Read, origin: str, after: UUID | None) -> str:
    """The part with the products after this one."""
    found = await read(GetSitemapPart, {"after": str(after)} if after else {})
    items = found["items"]
    return _document(
        "urlset", (_url(f"{origin}/products/{each['product_id']}", each["updated_at"]) for each in items)
    )


async def _shops(read: Read) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while len(found) < MOST_SHOPS:
        page = await read(ListShops, {"limit": 100, **({"cursor": cursor} if cursor else {})})
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    return found


def _url(address: str, changed: str | None = None) -> str:
    last = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<url><loc>{escape(address)}</loc>{last}</url>"


def _document(root: str, entries: Iterable[str]) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {SPACE}>{"".join(entries)}</{root}>\n'
