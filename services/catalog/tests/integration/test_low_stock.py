"""The SKUs of a shop that run low."""

from uuid import UUID

import pytest

from catalog.cursors import CursorInvalid
from services.catalog.tests.builders import approved, merchant_of, price, quilt, tea_cup, wanted
from shared.errors import Forbidden
from shared.ids import new_id
from shared.shapes import Misshapen


def cup(code, stock):
    return tea_cup(title=f"杯 {code}", skus=[{"code": code, "price": price(5900), "stock": stock}])


def low(market, **request):
    return market.call("list_low_stock", **{"shop_id": str(market.shop_id), **request})


def codes(page):
    return [item["code"] for item in page["items"]]


def test_skus_are_low_by_what_is_available_and_the_lowest_come_first(market):
    product = market.sell(quilt())
    market.sell(cup("SOLD-OUT", 0))
    (reserved,) = market.sell(cup("RESERVED", 9))["skus"]
    market.sell(cup("MANY", 6))
    market.receive(wanted(UUID(reserved["sku_id"]), 8))
    page = low(market)
    assert codes(page)[:2] == ["SOLD-OUT", "RESERVED"]
    assert [item["available"] for item in page["items"]] == [0, 1, 5, 5, 5]
    last = page["items"][-1]
    assert (last["product_id"], last["title"]) == (product["product_id"], "蚕丝被")
    assert last["options"] in {sku["options"] for sku in product["skus"]}
    assert page["items"][1]["image"] == "/media/tea-cup.svg"
    assert codes(low(market, at_most=0)) == ["SOLD-OUT"]
    assert "MANY" in codes(low(market, at_most=6))


def test_drafts_withdrawn_products_discontinued_skus_and_other_shops_are_left_out(market):
    market.call("create_product", shop_id=str(market.shop_id), **cup("DRAFT", 0))
    withdrawn = market.sell(cup("WITHDRAWN", 0))
    market.call("withdraw_product", product_id=withdrawn["product_id"])
    changed = market.sell(cup("OLD", 0))
    new = [{"code": "NEW", "price": price(5900), "stock": 2}]
    market.call("change_product", product_id=changed["product_id"], skus=new)
    other = new_id()
    market.receive(approved(other, slug="hillside"))
    draft = market.call("create_product", merchant_of(other), shop_id=str(other), **cup("OTHERS", 0))
    market.call("publish_product", merchant_of(other), product_id=draft["product_id"])
    assert codes(low(market)) == ["NEW"]


def test_pages_follow_each_other_without_gaps_also_among_equal_numbers(market):
    market.sell(quilt())
    market.sell(cup("SOLD-OUT", 0))
    everything = low(market)["items"]
    first = low(market, limit=2)
    rest = low(market, limit=2, cursor=first["next"])
    assert first["items"] + rest["items"] == everything
    assert rest["next"] is None


@pytest.mark.parametrize("wrong", [{"at_most": -1}, {"at_most": 1001}, {"limit": 0}], ids=str)
def test_thresholds_have_bounds(market, wrong):
    with pytest.raises(Misshapen):
        low(market, **wrong)


def test_another_shops_stock_and_another_lists_cursor_are_refused(market):
    with pytest.raises(Forbidden):
        low(market, shop_id=str(new_id()))
    with pytest.raises(CursorInvalid):
        low(market, cursor="WyJuZXdlc3QiLDFd")
