"""The actors of the model: two shops with few products, two shoppers with a coupon each."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from orders.fulfilment import use_cases as fulfilment
from orders.fulfilment.model.parcel import ParcelState, Trace
from shared.auth import Caller
from shared.contracts.users import ShopApproved
from shared.ids import new_id
from shared.messages import Envelope
from shared.permissions import Role
from shared.testing import deliver
from tests.model.world import SERVICES, World

ADDRESS = {"province": "浙江省", "city": "杭州市", "street": "北山街 84 号"}
CONTACT = {"name": "周静", "phone": "13800138000"}
OPENING = 12  # units of each SKU


@dataclass
class Shop:
    """A merchant with some SKUs; odd prices leave remainders, and a gift costs nothing."""

    merchant: Caller
    shop_id: UUID
    skus: list[str] = field(default_factory=list)


def a_shop(world: World, *prices: int) -> Shop:
    shop_id = new_id()
    roles = frozenset({Role.SHOPPER, Role.MERCHANT})
    shop = Shop(Caller(new_id(), new_id(), roles, frozenset({shop_id})), shop_id)
    news = ShopApproved(shop_id=shop_id, owner_id=new_id(), slug=str(shop_id), name="湖畔小店", version=1)
    deliver(SERVICES["catalog"][0], world.open["catalog"], Envelope(body=news, source="users"))
    for price in prices:
        sku = {"price": {"amount": price, "currency": "CNY"}, "stock": OPENING}
        wanted = {"shop_id": str(shop_id), "title": f"茶杯 {price}", "skus": [sku]}
        made = world.call("catalog", "create_product", shop.merchant, **wanted)
        world.call("catalog", "publish_product", shop.merchant, product_id=made["product_id"])
        shop.skus.append(made["skus"][0]["sku_id"])
    world.deliver_all()
    return shop


def a_shopper() -> Caller:
    return Caller(new_id(), new_id(), frozenset({Role.SHOPPER}))


def a_campaign(world: World, shop: Shop) -> str:
    """33 off from 100, in fen."""
    now = datetime.now(UTC) - timedelta(minutes=1)
    wanted = {
        "shop_id": str(shop.shop_id),
        "name": {"zh": "满减", "en": "Save"},
        "threshold": {"amount": 100, "currency": "CNY"},
        "discount": {"amount": 33, "currency": "CNY"},
        "total_limit": 100,
        "per_person_limit": 2,
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(days=30)).isoformat(),
    }
    return world.call("marketing", "create_campaign", shop.merchant, **wanted)["campaign_id"]


def buy(world: World, shopper: Caller, basket: list[tuple[str, int]], coupons: list[str], method: str) -> str:
    """Quote and check out; returns the checkout's id."""
    lines = [{"sku_id": sku_id, "quantity": quantity} for sku_id, quantity in basket]
    benefits = [{"kind": "coupon", "coupon_id": each} for each in coupons]
    quote = world.call("marketing", "request_quote", shopper, lines=lines, benefits=benefits, province="浙江省")
    wanted = {"quote_token": quote["token"], "address": ADDRESS, "contact": CONTACT, "payment_method": method}
    return world.call("orders", "check_out", shopper, **wanted, idempotency_key=str(new_id()))["checkout_id"]


def carrier_delivers(world: World, tracking_number: str) -> None:
    """The effect of the carrier's signed message."""
    with world.open["orders"]() as work:
        trace = Trace(at=work.now, event=ParcelState.DELIVERED)
        fulfilment.record_report(work, "sf-express", tracking_number, trace)
    world.collect("orders")


def parcel_lines(row: dict) -> dict[str, int]:
    return row["lines"] if isinstance(row["lines"], dict) else json.loads(row["lines"])
