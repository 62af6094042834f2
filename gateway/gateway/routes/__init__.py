"""All routes of the API, by chapter."""

from gateway.route import Route
from gateway.routes import (
    auditing,
    carts,
    catalog,
    marketing,
    operating,
    orders,
    payments,
    users,
)

ROUTES: list[Route] = [
    *users.ROUTES,
    *catalog.ROUTES,
    *carts.ROUTES,
    *marketing.ROUTES,
    *orders.ROUTES,
    *payments.ROUTES,
    *operating.ROUTES,
    *auditing.ROUTES,
]
