"""Every page of the three apps: where it is, who may see it, how it is looked at."""

import json
from dataclasses import dataclass

from local.web import BUILT
from tests.browser.trade import Trade

APPS = ("storefront", "merchant", "operator")


@dataclass(frozen=True)
class PageOf:
    """A page: its app, its component without `Page.vue`, its route, an address of it, the role of its reader."""

    app: str
    file: str
    route: str
    path: str
    role: str | None = None

    @property
    def device(self) -> str:
        """The device on which it is used most."""
        return "phone" if self.app == "storefront" else "desk"


def shop(file: str, route: str, path: str = "") -> PageOf:
    """A page of the storefront that everybody may see."""
    return PageOf("storefront", file, route, path or route)


def own(file: str, route: str, path: str = "") -> PageOf:
    """A page of the storefront for whoever is signed in."""
    return PageOf("storefront", file, route, path or route, "shopper")


def desk(app: str, file: str, route: str, path: str = "") -> PageOf:
    """A page of a desk; `path` is below the desk."""
    return PageOf(app, file, route, f"/{app}{path or route}", app)


PAGES = {
    "home": shop("Home", "/"),
    "goods": shop("Listing", "/goods", "/goods?q=杯"),
    "product": shop("Product", "/products/:productId", "/products/{product}"),
    "shop": shop("Shop", "/shops/:shopId", "/shops/{shop}"),
    "cart": shop("Cart", "/cart"),
    "coupons": shop("Coupons", "/coupons"),
    "sign in": shop("SignIn", "/sign-in"),
    "register": shop("Register", "/register"),
    "recover": shop("Recover", "/recover"),
    "invitation": shop("Invitation", "/invitations", "/invitations#a-token"),
    "help": shop("Help", "/help"),
    "an article of help": shop("Help", "/help/:topic", "/help/refunds"),
    "checkout": own("Checkout", "/checkout", "/checkout?sku={sku}&n=1"),
    "pay": own("Pay", "/pay/:checkoutId", "/pay/{checkout}"),
    "orders": own("Orders", "/orders"),
    "order": own("Order", "/orders/:orderId", "/orders/{shipped}"),
    "ask for a refund": own("Refund", "/orders/:orderId/refund", "/orders/{delivered}/refund"),
    "me": own("Me", "/me"),
    "my addresses": own("Addresses", "/me/addresses"),
    "my messages": own("Messages", "/me/messages"),
    "my devices": own("Devices", "/me/sessions"),
    "my settings": own("Settings", "/me/settings"),
    "today": desk("merchant", "Today", "/"),
    "orders of a shop": desk("merchant", "Orders", "/orders", "/orders?view=all"),
    "order of a shop": desk("merchant", "Orders", "/orders/:orderId", "/orders/{preparing}?view=all"),
    "packing slips": desk("merchant", "Slips", "/packing-slips", "/packing-slips?orders={preparing}"),
    "products of a shop": desk("merchant", "Products", "/products"),
    "new product": desk("merchant", "Product", "/products/new"),
    "product of a shop": desk("merchant", "Product", "/products/:productId", "/products/{product}"),
    "stock": desk("merchant", "Stock", "/stock"),
    "stock of a SKU": desk("merchant", "Stock", "/stock/:skuId", "/stock/{sku}"),
    "imports": desk("merchant", "Imports", "/imports"),
    "an import": desk("merchant", "Import", "/imports/:importId", "/imports/{import}"),
    "coupons of a shop": desk("merchant", "Coupons", "/coupons"),
    "new coupon": desk("merchant", "Coupons", "/coupons/new"),
    "shop profile": desk("merchant", "Shop", "/shop"),
    "refunds of a shop": desk("merchant", "Refunds", "/refunds"),
    "refund of a shop": desk("merchant", "Refunds", "/refunds/:refundId", "/refunds/{refund}"),
    "help for merchants": desk("merchant", "Help", "/help"),
    "overview": desk("operator", "Overview", "/"),
    "sagas": desk("operator", "Sagas", "/sagas"),
    "sagas of an order": desk("operator", "Order", "/sagas/order/:number", "/sagas/order/{number}"),
    "saga": desk("operator", "Saga", "/sagas/:service(orders|users)/:id", "/sagas/orders/{saga}"),
    "dead letters": desk("operator", "Letters", "/dead-letters"),
    "auditor": desk("operator", "Auditor", "/auditor"),
    "payments": desk("operator", "Payments", "/payments"),
    "payment": desk("operator", "Payment", "/payments/:id", "/payments/{payment}"),
    "refunds that need an operator": desk("operator", "Refunds", "/payments/refunds"),
    "refund": desk("operator", "Refund", "/payments/refunds/:id", "/payments/refunds/{refund}"),
    "unidentified money": desk("operator", "Unidentified", "/payments/unidentified"),
    "carrier reports": desk("operator", "Reports", "/payments/carrier-reports"),
    "ledger": desk("operator", "Ledger", "/ledger"),
    "shops": desk("operator", "Shops", "/shops"),
    "people": desk("operator", "People", "/people"),
    "switches": desk("operator", "Switches", "/switches"),
    "settings": desk("operator", "Settings", "/switches/settings"),
    "operator log": desk("operator", "Log", "/log"),
    "help for operators": desk("operator", "Help", "/help"),
}


def addresses(trade: Trade) -> dict[str, str]:
    """The addresses of all pages, for the orders and products of a day of trade."""
    return {name: page.path.format(**trade.named) for name, page in PAGES.items()}


def routes() -> set[tuple[str, str]]:
    """The app and route of every page, as the build has written them for the server."""
    return {(app, route) for app in APPS for route in json.loads((BUILT / app / "routes.json").read_text())}
