"""What is on the shelf, for everybody."""

from gateway.route import get, tagged
from gateway.schemas import goods as g
from gateway.schemas import orders as o
from gateway.schemas.lists import page_of

ROUTES = tagged(
    "Goods",
    get("/products", "catalog.list_products", "Find goods", query=g.ProductSearch, answers=page_of(g.ProductCard)),
    get("/products/{product_id:uuid}", "catalog.get_product", "One product", answers=g.Product),
    get(
        "/shops/{shop_id:uuid}/refund-policy",
        "orders.refund_policy",
        "What refunds of a shop's next orders pay",
        answers=o.RefundPolicy,
    ),
    get(
        "/categories",
        "catalog.list_categories",
        "The category tree",
        query=g.CategoryPage,
        answers=page_of(g.Category),
    ),
)
