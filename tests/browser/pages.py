"""Every page of the three apps: where it is, who may see it, how it is looked at."""

import json
from dataclasses import dataclass
from typing import Any

from local.web import BUILT
from tests.browser.trade import Trade
from tests.browser.visitor import DEVICES


@dataclass(frozen=True)
class PageOf:
    """A page: its app, its component without `Page.vue`, its route, an address of it, the role of its reader."""

    app: str
    file: str
    route: str
    path: str
    role: str | None = None

    @property
    def device(self) -> dict[str, Any]:
        """The device on which it is used most."""
        return DEVICES["phone" if self.app == "storefront" else "desk"]


def shop(file: str, route: str, path: str | None = None, role: str | None = None) -> PageOf:
    """A page of the storefront."""
    return PageOf("storefront", file, route, path or route, role)


PAGES = {
    "home": shop("Home", "/"),
    "goods": shop("Listing", "/goods"),
    "product": shop("Product", "/products/:productId", "/products/{product}"),
}


def addresses(trade: Trade) -> dict[str, str]:
    """The addresses of all pages, for the orders and products of a day of trade."""
    return {name: page.path.format(**trade.named) for name, page in PAGES.items()}


def routes() -> dict[str, set[str]]:
    """The addresses that the build has written for the server, by app."""
    return {
        app: set(json.loads((BUILT / app / "routes.json").read_text()))
        for app in ("storefront", "merchant", "operator")
    }
