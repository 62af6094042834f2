"""Loads the demo through the public API; existing data is kept."""

import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from local import system
from local.api import IMPORT_WITHIN, Api, Problem
from local.demo import goods, pictures
from local.demo.people import MERCHANT, OPERATOR, Person, people
from local.supervisor import Process, run_all
from local.waiting import wait_until

SHOPS = {
    "shanhe-home": "山河居 Shanhe Home",
    "little-otter": "小水獭 Little Otter",
    "inkstone": "Inkstone 砚台文具",
    "shefeng-studio": "歙风堂 Shefeng Studio",
    "dingshan-teapots": "丁山壶舍 Dingshan Teapots",
    "shanyu-pottery": "山隅陶作 Shanyu Pottery",
}
# Thresholds and discounts of the coupons, in fen.
COUPONS = {
    "shanhe-home": (30_000, 4_000),
    "little-otter": (15_000, 2_000),
    "inkstone": (10_000, 1_500),
    "shefeng-studio": (30_000, 3_000),
    "dingshan-teapots": (40_000, 3_000),
    "shanyu-pottery": (20_000, 2_500),
}


def load(site: system.Site) -> None:
    """Accounts, shops, products, pictures and coupons, each created if it is missing."""
    pictures.draw(system.media(site), goods.picture_names())
    cast = people(site.run_dir)
    anyone = Api(site.gateway_url)
    if _complete(anyone):
        return
    operator = _operator(site, anyone, next(p for p in cast if p.role == OPERATOR))
    for person in cast:
        if person.role != OPERATOR:
            _register(anyone, person)
    merchants = [person for person in cast if person.role == MERCHANT]
    _open_shops(operator, merchants)
    _fill_shops([(one.shop, anyone.signed_in(one.email, one.password)) for one in merchants if one.shop])


def _complete(anyone: Api) -> bool:
    """Whether every shop has products and a coupon, checked without signing in: sign-ins take seconds.

    The last shop has a coupon only when the products of all are there.
    """
    there = {shop["slug"]: shop["shop_id"] for shop in anyone.get("/shops?limit=100")["items"]}
    return there.keys() >= SHOPS.keys() and all(
        anyone.get(f"/{what}?shop_id={there[slug]}&limit=1")["items"]
        for slug in SHOPS
        for what in ("products", "coupon-campaigns")
    )


def logins(site: system.Site) -> list[tuple[str, str, str]]:
    """Role, email address and password of the demo accounts."""
    return [(person.role, person.email, person.password) for person in people(site.run_dir)]


def _operator(site: system.Site, anyone: Api, person: Person) -> Api:
    """The first operator is created by command: the API needs an operator for that."""
    try:
        return anyone.signed_in(person.email, person.password)
    except Problem as problem:
        if problem.status != 401:
            raise
    command = (sys.executable, "-m", "users.create_operator", person.email)
    environment = system.settings(site, "users") | {"OPERATOR_PASSWORD": person.password}
    run_all([Process("create-operator", command, environment)], site.run_dir / "logs")
    return anyone.signed_in(person.email, person.password)


def _register(anyone: Api, person: Person) -> None:
    account = {"email": person.email, "password": person.password, "name": person.name}
    try:
        anyone.post("/accounts", account, key=f"demo-{person.email}")
    except Problem as problem:
        if problem.status != 409:  # it exists
            raise


def _open_shops(operator: Api, merchants: list[Person]) -> None:
    there = {shop["slug"] for shop in operator.get("/shops?limit=100")["items"]}
    for merchant in merchants:
        if merchant.shop and merchant.shop not in there:
            shop = {"slug": merchant.shop, "name": SHOPS[merchant.shop], "owner_email": merchant.email}
            opened = operator.post("/operator/shops", shop, key=f"demo-{merchant.shop}")
            _accept(operator, merchant, opened)


def _accept(operator: Api, merchant: Person, opened: dict[str, Any]) -> None:
    """The merchant accepts to own the shop. The token of an earlier start was shown only then: it is replaced."""
    again = f"/operator/shops/{opened['shop_id']}/invitation"
    token = opened["token"] or operator.post(again, {"owner_email": merchant.email}, key=str(uuid4()))["token"]
    operator.signed_in(merchant.email, merchant.password).post("/shop-invitations/accept", {"token": token})


def _fill_shops(owners: list[tuple[str, Api]]) -> None:
    """Products, then a coupon. All imports begin before the first is awaited: the worker looks twice a second."""
    shop_ids = {shop["slug"]: shop["shop_id"] for shop in owners[0][1].get("/shops?limit=100")["items"]}
    begun = [_begin_import(merchant, shop_ids[slug], slug) for slug, merchant in owners]
    for (slug, merchant), product_import in zip(owners, begun, strict=True):
        if product_import:
            merchant.finish_import(product_import)
        if not merchant.get(f"/merchant/coupon-campaigns?shop_id={shop_ids[slug]}")["items"]:
            coupon = _coupon(shop_ids[slug], slug)
            merchant.post("/merchant/coupon-campaigns", coupon, key=f"demo-coupon-{slug}")


def _begin_import(merchant: Api, shop_id: str, slug: str) -> Any:
    """Start to import the products that the shop does not have, once an import of an earlier start has ended."""
    begun: list[Any] = []

    def is_begun() -> bool:
        missing = goods.file_without(slug, _handles(merchant, shop_id, slug))
        try:
            begun[:] = [missing and merchant.begin_import(f"shop={slug}", missing, key=str(uuid4()))]
        except Problem as problem:
            if problem.code != "import_in_progress":
                raise
            return False
        return True

    wait_until(is_begun, f"an earlier import of {slug} has ended", seconds=IMPORT_WITHIN, every=0.5)
    return begun[0]


def _handles(merchant: Api, shop_id: str, slug: str) -> set[str]:
    listed = _products(merchant, shop_id, slug)
    return {merchant.get(f"/merchant/products/{each['product_id']}")["handle"] for each in listed}


def _products(merchant: Api, shop_id: str, slug: str) -> list[dict[str, Any]]:
    """The shop's products. Catalog learns of a new shop by an event, shortly after it was opened."""
    found: list[dict[str, Any]] = []

    def known() -> bool:
        try:
            found[:] = merchant.get(f"/merchant/products?shop_id={shop_id}&limit=100")["items"]
        except Problem as problem:
            if problem.status != 404:
                raise
            return False
        return True

    wait_until(known, f"catalog knows the shop {slug}", seconds=30, every=0.2)
    return found


def _coupon(shop_id: str, slug: str) -> dict[str, object]:
    threshold, discount = COUPONS[slug]
    now = datetime.now(UTC)
    return {
        "shop_id": shop_id,
        "name": {
            "zh": f"满 {threshold // 100} 减 {discount // 100}",
            "en": f"¥{discount // 100} off ¥{threshold // 100}",
        },
        "threshold": {"amount": threshold, "currency": "CNY"},
        "discount": {"amount": discount, "currency": "CNY"},
        "total_limit": 1000,
        "per_person_limit": 1,
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(days=365)).isoformat(),
    }
