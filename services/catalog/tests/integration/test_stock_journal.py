"""What happened to the stock of a product, SKU by SKU and cause by cause."""

from uuid import UUID

import pytest

from catalog.cursors import CursorInvalid
from catalog.products.model.product import ProductNotFound
from services.catalog.tests.builders import merchant_of, quilt, tea_cup, wanted
from shared.contracts.catalog import CommitStock
from shared.errors import Forbidden
from shared.ids import new_id
from shared.shapes import Misshapen


@pytest.fixture
def product(market):
    """A listed quilt with three SKUs, five of each."""
    return market.sell(quilt())


def journal(market, product, **page):
    return market.call("list_stock_journal", product_id=product["product_id"], **page)


def adjust(market, sku, change, **why):
    market.call("adjust_stock", sku_id=sku["sku_id"], change=change, **why)


def test_the_changes_of_all_skus_are_in_one_list_newest_first(market, product):
    small, _, medium = product["skus"]
    adjust(market, medium, 3, cause="delivery", reason="二号仓到货")
    adjust(market, small, -1, cause="damaged")
    checkout_id = new_id()
    market.receive(wanted(UUID(medium["sku_id"]), 2, checkout_id))
    market.receive(CommitStock(checkout_id=checkout_id))
    market.sell(tea_cup())
    newest, broken, arrived, *opening = journal(market, product)["items"]
    assert (newest["kind"], newest["cause"], newest["source_id"]) == ("committed", None, str(checkout_id))
    assert (broken["cause"], broken["reason"], broken["options"]) == ("damaged", "", small["options"])
    assert (arrived["change"], arrived["cause"], arrived["reason"]) == (3, "delivery", "二号仓到货")
    assert (arrived["sku_id"], arrived["code"]) == (medium["sku_id"], medium["code"])
    assert [(one["kind"], one["cause"]) for one in opening] == [("received", "opening_stock")] * 3


def test_an_imported_sku_names_the_import(market):
    header = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty,Published"
    made = market.import_file(f"{header}\npen,钢笔,PEN,12.00,7,true\n")
    (card,) = market.call("list_shop_products", shop_id=str(market.shop_id))["items"]
    (entry,) = journal(market, card)["items"]
    assert (entry["cause"], entry["change"], entry["source_id"]) == ("import", 7, made["import_id"])


def test_pages_follow_each_other_without_gaps(market, product):
    for change in (1, 2, 3, 4):
        adjust(market, product["skus"][change % 3], change)
    everything = journal(market, product)["items"]
    seen, cursor = [], None
    while True:
        page = journal(market, product, limit=2, cursor=cursor)
        seen, cursor = seen + page["items"], page["next"]
        if cursor is None:
            break
    assert seen == everything
    assert [one["change"] for one in everything[:4]] == [4, 3, 2, 1]


def test_a_discontinued_sku_keeps_its_history(market, product):
    kept = {"option_values": ["S", "红"], "price": {"amount": 10000, "currency": "CNY"}}
    market.call("change_product", product_id=product["product_id"], skus=[kept])
    assert len(journal(market, product)["items"]) == 3


def test_a_cause_is_one_of_a_list_and_other_by_default(market, product):
    adjust(market, product["skus"][0], 1, reason="找到一件")
    assert journal(market, product)["items"][0]["cause"] == "other"
    for wrong in ("stolen", "opening_stock", ""):
        with pytest.raises(Misshapen):
            adjust(market, product["skus"][0], 1, cause=wrong)


def test_another_shops_journal_and_another_lists_cursor_are_refused(market, product):
    request = {"product_id": product["product_id"]}
    with pytest.raises(Forbidden):
        market.call("list_stock_journal", merchant_of(new_id()), **request)
    with pytest.raises(ProductNotFound):
        market.call("list_stock_journal", product_id=str(new_id()))
    with pytest.raises(CursorInvalid):
        journal(market, product, cursor="WyJqb3VybmFsIiwxXQ")
