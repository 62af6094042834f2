"""A shop is suspended with one row, and its products follow it a chunk at a time, whatever dies in between."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from catalog.products.model.product import ProductNotFound
from catalog.products.use_cases import shops
from services.catalog.tests.builders import Market, approved, tea_cup, wanted
from shared.auth import NOBODY
from shared.contracts.catalog import ProductPublished, ProductWithdrawn, StockRefusal, StockRefused, StockReserved
from shared.contracts.users import ShopSuspended

MANY = 1000
COPIES = """
    INSERT INTO product (product_id, shop_id, handle, title, description, brand, kind, tags, option_names, shelf,
        version, price_from, currency, search_text, search_terms, updated_at)
    SELECT gen_random_uuid(), shop_id, handle || n, title, description, brand, kind, tags, option_names,
        'on_shelf', 1, price_from, currency, search_text, search_terms, updated_at
    FROM product CROSS JOIN generate_series(2, :many) AS n
"""
SKUS = """
    INSERT INTO sku (sku_id, product_id, position, code, option_values, price, currency, discontinued)
    SELECT gen_random_uuid(), product_id, 1, 'CUP', '{}', 5900, 'CNY', false FROM product
    WHERE NOT EXISTS (SELECT FROM sku WHERE sku.product_id = product.product_id)
"""


@pytest.fixture
def bazaar(market, open_work):
    """A shop with very many products on the shelf."""
    market.sell(tea_cup())
    with open_work() as work:
        work.connection.execute(text(COPIES), {"many": MANY})
        work.connection.execute(text(SKUS))
    return market


class Dies(BaseException):
    """The process, before its commit."""


def die_while_settling(open_work):
    with open_work() as work:
        shops.settle_some(work)
        raise Dies


def suspend(market, version=2):
    market.receive(ShopSuspended(shop_id=market.shop_id, version=version))


def shelves(open_work):
    with open_work() as work:
        found = work.connection.execute(text("SELECT shelf, count(*) FROM product GROUP BY shelf"))
        return {row.shelf: row.count for row in found}


def rows_per_transaction(open_work, table):
    """How many rows of a table each transaction has written last."""
    with open_work() as work:
        return work.connection.execute(text(f"SELECT count(*) FROM {table} GROUP BY xmin")).scalars().all()


def test_a_suspension_holds_with_its_first_row_before_any_product_has_moved(market, open_work):
    cup = market.sell(tea_cup())
    sku_id = cup["skus"][0]["sku_id"]
    suspend(market)
    assert shelves(open_work) == {"on_shelf": 1}
    assert market.call("list_products", NOBODY)["items"] == []
    with pytest.raises(ProductNotFound):
        market.call("get_product", NOBODY, product_id=cup["product_id"])
    (card,) = market.call("get_skus", NOBODY, sku_ids=[sku_id])["items"]
    assert (card["on_shelf"], card["available"]) == (False, 0)
    market.receive(wanted(sku_id))
    assert [one.reason for one in market.published(StockRefused)] == [StockRefusal.OFF_SHELF]
    assert [card["product_id"] for card in market.call("list_shop_products", shop_id=str(market.shop_id))["items"]]


def test_other_shops_sell_on(market):
    cup = market.sell(tea_cup())
    other = Market(market.open_work)
    suspend(other)
    assert [card["product_id"] for card in market.call("list_products", NOBODY)["items"]] == [cup["product_id"]]
    market.receive(wanted(cup["skus"][0]["sku_id"]))
    assert len(market.published(StockReserved)) == 1


def test_no_transaction_moves_more_than_a_chunk_however_many_products_a_shop_has(bazaar, open_work):
    suspend(bazaar)
    bazaar.settle()
    assert shelves(open_work) == {"suspended": MANY}
    assert max(rows_per_transaction(open_work, "product")) <= shops.CHUNK
    assert max(rows_per_transaction(open_work, "outbox")) <= shops.CHUNK
    assert len(bazaar.published(ProductWithdrawn)) == MANY


def test_another_process_goes_on_where_one_died(bazaar, open_work):
    suspend(bazaar)
    with pytest.raises(Dies):
        die_while_settling(open_work)
    assert shelves(open_work) == {"on_shelf": MANY}
    with open_work() as work:
        assert shops.settle_some(work)
    assert shelves(open_work) == {"on_shelf": MANY - shops.CHUNK, "suspended": shops.CHUNK}
    bazaar.settle()
    assert len({event.product_id for event in bazaar.published(ProductWithdrawn)}) == MANY


def test_two_processes_do_not_wait_for_each_other(market, open_work):
    market.sell(tea_cup())
    suspend(market)
    with open_work() as one, open_work() as other:
        assert shops.settle_some(one)
        assert not shops.settle_some(other)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(["suspend", "approve", "settle some"]), max_size=8))
def test_whatever_is_said_of_a_shop_in_between_its_products_follow_the_last_word(open_work, monkeypatch, words):
    monkeypatch.setattr(shops, "CHUNK", 1)
    market, version, sells = Market(open_work), 1, True
    cups = [market.sell(tea_cup(handle=handle))["product_id"] for handle in ("early", "cup", "late")]
    market.call("withdraw_product", product_id=cups[0])
    for word in words:
        version += 1
        if word == "settle some":
            with open_work() as work:
                shops.settle_some(work)
            continue
        sells = word == "approve"
        market.receive(approved(market.shop_id, version=version)) if sells else suspend(market, version)
    market.settle()
    wanted = "on_shelf" if sells else "suspended"
    found = [market.call("get_shop_product", product_id=each)["shelf"] for each in cups]
    assert found == ["off_shelf", wanted, wanted]
    for cup in cups[1:]:
        told = [e for e in market.published() if isinstance(e, ProductPublished | ProductWithdrawn)]
        last = max((e for e in told if str(e.product_id) == cup), key=lambda e: e.version)
        assert isinstance(last, ProductPublished) == sells
