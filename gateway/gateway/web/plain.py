"""What the storefront's pages say without a script, from the answers of public requests.

Cards of products have the classes of those in the app, so that little changes when it takes over.
"""

import re
from collections.abc import Awaitable, Callable
from decimal import Decimal
from html import escape
from typing import Any
from urllib.parse import quote

from gateway.route import RequestType
from gateway.web.shell import NAMES, Plain
from shared.contracts.catalog.requests import GetProduct, ListProducts
from shared.contracts.users.requests import GetShop
from shared.money import Money, decimals, shown

Read = Callable[[RequestType, dict[str, Any]], Awaitable[Any]]  # calls a public request
TAGS = re.compile(r"<[^>]*>")
HOME = {
    "zh": "一个开放的集市：好东西，看得见的价钱，对得上的账。",
    "en": "An open market: good things, prices that explain themselves, books that balance.",
}
BETWEEN_TITLES = " · "
SCENE = "/scenes/tea-ink.svg"  # the picture at the top of the front page
EAGER = 4  # pictures of a list that are loaded at once: those that can be seen
ALL = {"zh": "全部商品", "en": "All products"}


async def home(read: Read, language: str, _given: dict[str, str]) -> Plain:
    """The front page: the newest products."""
    found = await read(ListProducts, {"limit": 12, "sort": "newest"})
    organization = {"@type": "Organization", "name": NAMES[language], "url": "/", "logo": "/seal.svg"}
    words = f'<div class="lead-words"><h1>{escape(NAMES[language])}</h1><p>{escape(HOME[language])}</p></div>'
    content = f'<a class="lead" href="/goods">{_picture(SCENE, eager=True)}{words}</a>{_cards(found["items"])}'
    return Plain(description=HOME[language], content=_main(content), linked=(organization,))


async def listing(read: Read, language: str, given: dict[str, str]) -> Plain:
    """The products of a category, a shop or a search."""
    asked = {name: given[name] for name in ("q", "category", "shop_id", "sort") if given.get(name)}
    found = await read(ListProducts, {**asked, "limit": 20})
    title = asked.get("q") or asked.get("category", "").rpartition(" > ")[2] or ALL[language]
    crumbs = _breadcrumbs(asked["category"]) if asked.get("category") else ()
    content = f"<h1>{escape(title)}</h1>{_cards(found['items'])}"
    return Plain(title=title, content=_main(content), description=title, linked=crumbs)


async def shop(read: Read, language: str, given: dict[str, str]) -> Plain:
    """A shop with the first of its products, in the order and for the search that are asked for."""
    found = await read(GetShop, {"shop_id": given["shop_id"]})
    asked = {name: given[name] for name in ("q", "sort") if given.get(name)}
    sold = await read(ListProducts, {**asked, "shop_id": given["shop_id"], "limit": 20})
    name = (language == "en" and found["name_en"]) or found["name"]
    story = found["description"][language] or BETWEEN_TITLES.join(each["title"] for each in sold["items"][:5])
    organization = {
        "@type": "Organization",
        "name": name,
        "url": _address_of(given["shop_id"]),
        "foundingDate": found["opened_at"][:10],
    }
    content = f"<h1>{escape(name)}</h1><p>{escape(story)}</p>{_cards(sold['items'])}"
    return Plain(title=name, description=story[:160], content=_main(content), linked=(organization,))


def _address_of(shop_id: str) -> str:
    return f"/shops/{shop_id}"


async def product(read: Read, _language: str, given: dict[str, str]) -> Plain:
    """A product with its offers."""
    found = await read(GetProduct, {"product_id": given["product_id"]})
    image = found["pictures"][0]["src"] if found["pictures"] else None
    text = " ".join(TAGS.sub(" ", found["description"]).split())
    gallery = _picture(image, found["title"], eager=True) if image else ""
    about = (
        f"<h1>{escape(found['title'])}</h1>"
        f"<p>{_price(found['price_from'])}</p>"
        f'<p><a href="{_address_of(found["shop_id"])}">{escape(found["shop"]["name"])}</a></p>'
        f"<div>{found['description']}</div>"  # sanitised when it was stored
    )
    slides = f'<div class="gallery"><div class="slides">{gallery}</div></div>'
    content = f'<div class="goods">{slides}<div class="info">{about}</div></div>'
    linked = {
        "@type": "Product",
        "name": found["title"],
        "description": text[:5000],
        "image": [picture["src"] for picture in found["pictures"]],
        "brand": {"@type": "Brand", "name": found["brand"]} if found["brand"] else None,
        "offers": [_offer(sku, found["shop"]) for sku in found["skus"]],
    }
    crumbs = _breadcrumbs(found["category"]) if found["category"] else ()
    return Plain(
        title=found["title"],
        description=text[:160],
        content=_main(content),
        image=image,
        kind="product",
        linked=({name: value for name, value in linked.items() if value}, *crumbs),
    )


def _offer(sku: dict[str, Any], shop: dict[str, Any]) -> dict[str, Any]:
    there = "InStock" if sku["available"] > 0 else "OutOfStock"
    return {
        "@type": "Offer",
        "sku": sku["code"] or sku["sku_id"],
        "price": _decimal(sku["price"]),
        "priceCurrency": sku["price"]["currency"],
        "availability": f"https://schema.org/{there}",
        "seller": {"@type": "Organization", "name": shop["name"]},
    }


def _breadcrumbs(path: str) -> tuple[dict[str, Any]]:
    names = path.split(" > ")
    places = [
        {
            "@type": "ListItem",
            "position": at,
            "name": name,
            "item": f"/goods?category={quote(' > '.join(names[:at]))}",
        }
        for at, name in enumerate(names, 1)
    ]
    return ({"@type": "BreadcrumbList", "itemListElement": places},)


def _cards(items: list[dict[str, Any]]) -> str:
    return f'<ul class="grid">{"".join(_card(card, eager=at < EAGER) for at, card in enumerate(items))}</ul>'


def _card(card: dict[str, Any], *, eager: bool) -> str:
    picture = _picture(card["image"], eager=eager) if card["image"] else '<span class="pic"></span>'
    words = (
        f'<span class="name">{escape(card["title"])}</span><span class="money">{_price(card["price_from"])}</span>'
    )
    return f'<li class="card"><a href="/products/{card["product_id"]}">{picture}{words}</a></li>'


def _picture(address: str, alt: str = "", *, eager: bool) -> str:
    loading = 'fetchpriority="high"' if eager else 'loading="lazy"'
    image = f'<img src="{escape(address)}" alt="{escape(alt)}" width="800" height="800" {loading}>'
    return f'<span class="pic">{image}</span>'


def _main(content: str) -> str:
    return f'<main id="main" class="wrap">{content}</main>'


def _price(money: dict[str, Any]) -> str:
    return escape(shown(Money(**money)))


def _decimal(money: dict[str, Any]) -> str:
    """An amount in major units, as schema.org writes prices."""
    return str(Decimal(money["amount"]).scaleb(-decimals(money["currency"])))
