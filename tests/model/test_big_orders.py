"""SG-18: an order of many lines works from start to end: no state or message of a saga has a hidden limit."""

from uuid import UUID

import pytest

from orders.checkout.model.quote import Quote, QuotedLine, QuotedShipping, QuotedShop
from orders.checkout.use_cases import check_out
from shared.contracts.payments import Method
from shared.ids import new_id
from shared.relay.relay import BIGGEST
from tests.model import people
from tests.model.memory.people import a_request

PRICE = 990
TITLE = "手工烧制汝窑天青釉斗笠茶杯，礼盒装，一件也卖" * 5  # as long as titles may be
A_PRODUCT = 50  # SKUs of each product


@pytest.fixture
def stocked_shop(world):
    """Creates a shop with this many SKUs."""

    def fill(count):
        shop = people.a_shop(world)
        for place in range(count // A_PRODUCT):
            skus = [
                {
                    "option_values": [f"第 {n} 号"],
                    "price": {"amount": PRICE, "currency": "CNY"},
                    "stock": people.OPENING,
                }
                for n in range(A_PRODUCT)
            ]
            wanted = {
                "shop_id": str(shop.shop_id),
                "title": f"{place} {TITLE}"[:255],
                "option_names": ["款"],
                "skus": skus,
            }
            made = world.call("catalog", "create_product", shop.merchant, **wanted)
            world.call("catalog", "publish_product", shop.merchant, product_id=made["product_id"])
            shop.skus += [sku["sku_id"] for sku in made["skus"]]
        world.deliver_all()
        return shop

    return fill


def buys_with_a_quote(world, shopper, shop):
    return people.buy(world, shopper, [(sku_id, 1) for sku_id in shop.skus], [], "wechat")


def buys_more_than_a_basket_allows(world, shopper, shop):
    """A quote has at most a hundred lines; orders and its sagas accept more."""
    lines = [a_line(UUID(sku_id)) for sku_id in shop.skus]
    total = PRICE * len(lines)
    free = QuotedShipping(paid=0, allocations=())
    money = {"goods": total, "discount": 0, "shipping": 0, "total": total}
    quoted = QuotedShop(shop_id=shop.shop_id, lines=lines, shipping_line=free, **money)
    about = {"quote_id": new_id(), "buyer_id": shopper.user_id, "benefits": (), "total": total}
    quote = Quote(currency="CNY", zone="standard", shops=[quoted], **about)
    with world.open["orders"]() as work:
        placed, _ = check_out.place(work, quote, a_request(Method.WECHAT))
    world.collect("orders")
    return str(placed.checkout_id)


def a_line(sku_id):
    money = {"unit_price": PRICE, "subtotal": PRICE, "discount": 0, "paid": PRICE}
    shown = {"title": TITLE, "options": "款: 1", "allocations": (), "why": []}
    return QuotedLine(sku_id=sku_id, product_id=new_id(), quantity=1, **shown, **money)


@pytest.mark.parametrize(("count", "buys"), [(50, buys_with_a_quote), (500, buys_more_than_a_basket_allows)])
def test_sg_18_an_order_of_many_lines_is_reserved_paid_sold_and_restocked(world, stocked_shop, count, buys):
    shop, shopper = stocked_shop(count), people.a_shopper()
    checkout_id = buys(world, shopper, shop)
    process_messages(world)
    pays(world)
    process_messages(world)
    (order,) = world.call("orders", "get_checkout", shopper, checkout_id=checkout_id)["orders"]
    assert (order["state"], len(order["lines"])) == ("confirmed", count)
    assert stock(world) == [(people.OPENING - 1, 0)]
    world.call("orders", "cancel_order", shopper, order_id=order["order_id"], reason_text="不要了")
    process_messages(world)
    assert world.call("orders", "get_order", shopper, order_id=order["order_id"])["state"] == "cancelled"
    assert stock(world) == [(people.OPENING, 0)]
    assert {row["status"] for row in world.rows("orders", "SELECT status FROM saga")} == {"done"}
    (longest,) = world.rows("orders", "SELECT max(octet_length(body)) AS bytes FROM outbox")
    assert 4_000 < longest["bytes"] < BIGGEST


def stock(world):
    rows = world.rows("catalog", "SELECT DISTINCT on_hand, reserved FROM stock")
    return [(row["on_hand"], row["reserved"]) for row in rows]


def pays(world):
    (number,) = world.wechat.payments
    headers, body = world.wechat.pay(number)
    world.call("payments", "receive_provider_notification", None, provider="wechat", headers=headers, body=body)


def process_messages(world):
    for _ in range(3):
        world.deliver_all()
        world.call_provider()
        for number, refund in world.wechat.refunds.items():
            if refund.state == "processing":
                headers, body = world.wechat.let_arrive(number)
                world.call(
                    "payments",
                    "receive_provider_notification",
                    None,
                    provider="wechat",
                    headers=headers,
                    body=body,
                )
