"""A product shows the name that its shop has chosen last, in whatever order the events arrive."""

from itertools import permutations

import pytest

from services.catalog.tests.builders import approved, tea_cup
from shared.auth import ANONYMOUS
from shared.contracts.users import ShopChanged, ShopSuspended


def renamed(market, name, version):
    return ShopChanged(shop_id=market.shop_id, name=name, name_en="", version=version)


def shown(market, product):
    return market.call("get_product", ANONYMOUS, product_id=product["product_id"])["shop"]["name"]


def test_products_show_the_new_name_and_stay_on_sale(market):
    product = market.sell(tea_cup())
    market.receive(renamed(market, "湖畔茶舍", 2))
    assert shown(market, product) == "湖畔茶舍"
    market.receive(renamed(market, "旧名", 1))
    assert shown(market, product) == "湖畔茶舍"
    with market.open_work() as work:
        market.settle()
        assert not work.shops.get(market.shop_id).unsettled


ORDERS = list(permutations(("suspended", "renamed", "approved", "renamed again")))


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_name_and_state_are_those_of_the_newest_events(market, order):
    product = market.sell(tea_cup())
    events = {
        "suspended": ShopSuspended(shop_id=market.shop_id, version=2),
        "renamed": renamed(market, "湖畔茶舍", 3),
        "approved": approved(market.shop_id, version=4),
        "renamed again": renamed(market, "湖畔", 5),
    }
    for name in order:
        market.receive(events[name])
    market.settle()
    assert shown(market, product) == "湖畔"


def test_a_shop_that_is_not_known_yet_gets_its_name_with_its_approval(open_work, market):
    other = approved(slug="hillside", version=2)
    market.receive(ShopChanged(shop_id=other.shop_id, name="山坡", name_en="", version=3))
    market.receive(other)
    with open_work() as work:
        assert work.shops.get(other.shop_id).name == other.name
