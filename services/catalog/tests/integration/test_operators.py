"""Operators' changes of products are logged, and a suspended shop's products cannot be changed by anyone."""

import pytest

from catalog.access import ShopSuspended
from services.catalog.tests.builders import approved, price, tea_cup
from shared.auth import Caller
from shared.contracts import users
from shared.ids import new_id
from shared.permissions import Role

OPERATOR = Caller(new_id(), new_id(), frozenset({Role.OPERATOR}))


def entries(market):
    """The operator log, newest first."""
    return market.call("list_operator_log", OPERATOR)["items"]


@pytest.fixture
def cup(market):
    return market.sell(tea_cup())


def test_a_price_change_by_an_operator_is_logged_with_both_values(market, cup):
    (sku,) = cup["skus"]
    changed = [{"sku_id": sku["sku_id"], "code": sku["code"], "price": price(6900)}]
    market.call("change_product", OPERATOR, product_id=cup["product_id"], skus=changed)
    (entry,) = entries(market)
    assert (entry["actor"], entry["action"]) == (str(OPERATOR.user_id), "product.change")
    assert entry["about"] == f"product {cup['product_id']}"
    assert (entry["before"]["prices"], entry["after"]["prices"]) == ({"TEA-CUP": 5900}, {"TEA-CUP": 6900})


def test_a_stock_adjustment_by_an_operator_is_logged_once_with_its_reason(market, cup):
    wanted = {"sku_id": cup["skus"][0]["sku_id"], "change": -3, "reason": "broken", "idempotency_key": "k"}
    for _ in range(2):
        market.call("adjust_stock", OPERATOR, **wanted)
    (entry,) = entries(market)
    assert (entry["action"], entry["note"]) == ("stock.adjust", "broken")
    assert (entry["before"], entry["after"]) == ({"on_hand": 10}, {"on_hand": 7})


def test_actions_of_the_shops_own_merchant_are_not_logged(market, cup):
    market.call("withdraw_product", product_id=cup["product_id"])
    assert entries(market) == []


@pytest.mark.parametrize("caller", [None, OPERATOR])
def test_the_stock_of_a_suspended_shop_is_not_changed_until_it_is_restored(market, cup, caller):
    wanted = {"sku_id": cup["skus"][0]["sku_id"], "change": 5, "reason": "delivery"}
    market.receive(users.ShopSuspended(shop_id=market.shop_id, version=2))
    with pytest.raises(ShopSuspended):
        market.call("adjust_stock", caller, **wanted)
    assert market.call("get_stock", caller, sku_id=wanted["sku_id"])["on_hand"] == 10
    market.receive(approved(market.shop_id, version=3))
    assert market.call("adjust_stock", caller, **wanted)["on_hand"] == 15
