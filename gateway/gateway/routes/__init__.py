"""The whole API, chapter by chapter."""

from gateway.route import Route
from gateway.routes import accounts, carts, checkouts, goods, marketing, merchants, operators, outside

ROUTES: list[Route] = [
    *accounts.ROUTES,
    *goods.ROUTES,
    *carts.ROUTES,
    *checkouts.ROUTES,
    *marketing.ROUTES,
    *merchants.ROUTES,
    *operators.ROUTES,
    *outside.ROUTES,
]
