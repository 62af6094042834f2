"""A suspension takes effect with one row; products are then withdrawn in chunks, also after a crash."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from catalog.products.model.product import ProductNotFound
from catalog.products.use_cases import shops
from services.catalog.tests.builders import Market, approved, tea_cup, wanted
from shared.auth import ANONYMOUS
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
def large_market(market, open_work):
    """A shop with MANY listed products."""
    market.sell(tea_cup())
    with open_work() as work:
        work.connection.execute(text(COPIES), {"many": MANY})
        work.connection.execute(text(SKUS))
    return market


class Crash(BaseException):
    """The process dies before its commit."""


def crash_while_settling(open_work):
    with open_work() as work:
        shops.settle_some(work)
        raise Crash


def suspend(market, version=2):
    market.receive(ShopSuspended(shop_id=market.shop_id, version=version))


def shelves(open_work):
    with open_work() as work:
        found = work.connection.execute(text("SELECT shelf, count(*) FROM product GROUP BY shelf"))
        return {row.shelf: row.count for row in found}


def rows_per_transaction(open_work, table):
    """For each transaction, the number of rows of a table that it wrote last."""
    with open_work() as work:
        return work.connection.execute(text(f"SELECT count(*) FROM {table} GROUP BY xmin")).scalars().all()


def test_a_suspension_takes_effect_before_any_product_is_withdrawn(market, open_work):
    cup = market.sell(tea_cup())
    sku_id = cup["skus"][0]["sku_id"]
    suspend(market)
    assert shelves(open_work) == {"on_shelf": 1}
    assert market.call("list_products", ANONYMOUS)["items"] == []
    with pytest.raises(ProductNotFound):
        market.call("get_product", ANONYMOUS, product_id=cup["product_id"])
    (card,) = market.call("get_skus", ANONYMOUS, sku_ids=[sku_id])["items"]
    assert (card["on_shelf"], card["available"]) == (False, 0)
    market.receive(wanted(sku_id))
    assert [one.reason for one in market.published(StockRefused)] == [StockRefusal.OFF_SHELF]
    assert [card["product_id"] for card in market.call("list_shop_products", shop_id=str(market.shop_id))["items"]]


def test_other_shops_continue_to_sell(market):
    cup = market.sell(tea_cup())
    other = Market(market.open_work)
    suspend(other)
    assert [card["product_id"] for card in market.call("list_products", ANONYMOUS)["items"]] == [cup["product_id"]]
    market.receive(wanted(cup["skus"][0]["sku_id"]))
    assert len(market.published(StockReserved)) == 1


def test_no_transaction_changes_more_than_a_chunk_of_products(large_market, open_work):
    suspend(large_market)
    large_market.settle()
    assert shelves(open_work) == {"suspended": MANY}
    assert max(rows_per_transaction(open_work, "product")) <= shops.CHUNK
    assert max(rows_per_transaction(open_work, "outbox")) <= shops.CHUNK
    assert len(large_market.published(ProductWithdrawn)) == MANY


def test_another_process_continues_after_a_crash(large_market, open_work):
    suspend(large_market)
    with pytest.raises(Crash):
        crash_while_settling(open_work)
    assert shelves(open_work) == {"on_shelf": MANY}
    with open_work() as work:
        assert shops.settle_some(work)
    assert shelves(open_work) == {"on_shelf": MANY - shops.CHUNK, "suspended": shops.CHUNK}
    large_market.settle()
    assert len({event.product_id for event in large_market.published(ProductWithdrawn)}) == MANY


def test_two_processes_do_not_wait_for_each_other(market, open_work):
    market.sell(tea_cup())
    suspend(market)
    with open_work() as one, open_work() as other:
        assert shops.settle_some(one)
        assert not shops.settle_some(other)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(["suspend", "approve", "settle some"]), max_size=8))
def test_products_follow_the_last_event_of_their_shop_whatever_came_before(open_work, monkeypatch, events):
    monkeypatch.setattr(shops, "CHUNK", 1)
    market, version, sells = Market(open_work), 1, True
    cups = [market.sell(tea_cup(handle=handle))["product_id"] for handle in ("early", "cup", "late")]
    market.call("withdraw_product", product_id=cups[0])
    for event in events:
        version += 1
        if event == "settle some":
            with open_work() as work:
                shops.settle_some(work)
            continue
        sells = event == "approve"
        market.receive(approved(market.shop_id, version=version)) if sells else suspend(market, version)
    market.settle()
    wanted = "on_shelf" if sells else "suspended"
    found = [market.call("get_shop_product", product_id=each)["shelf"] for each in cups]
    assert found == ["off_shelf", wanted, wanted]
    for cup in cups[1:]:
        changes = [e for e in market.published() if isinstance(e, ProductPublished | ProductWithdrawn)]
        last = max((e for e in changes if str(e.product_id) == cup), key=lambda e: e.version)
        assert isinstance(last, ProductPublished) == sells
