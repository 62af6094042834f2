"""One buyer can reserve only a share of a SKU's stock unpaid, but always one unit."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from services.catalog.tests.builders import price, tea_cup, wanted
from shared.contracts.catalog import (
    CommitStock,
    ReleaseStock,
    StockRefusal,
    StockRefused,
    StockReserved,
)
from shared.ids import new_id


@pytest.fixture
def cups(market):
    """The SKU of a tea cup, a hundred in stock, of which one buyer may reserve fifty."""
    return UUID(market.sell(tea_cup(skus=[{"price": price(5900), "stock": 100}]))["skus"][0]["sku_id"])


@pytest.fixture
def few(market):
    """The SKU of a tea cup, eight in stock, fewer than any buyer may reserve."""
    return UUID(market.sell(tea_cup(skus=[{"price": price(5900), "stock": 8}]))["skus"][0]["sku_id"])


def test_one_buyer_reserves_no_more_than_the_share_and_the_refusal_names_the_sku(market, cups):
    buyer = new_id()
    market.receive(
        wanted(cups, 30, buyer_id=buyer), wanted(cups, 20, buyer_id=buyer), wanted(cups, 1, buyer_id=buyer)
    )
    (refused,) = market.published(StockRefused)
    assert (refused.reason, refused.sku_ids) == (StockRefusal.HOLD_LIMIT, (cups,))
    assert [(line.sku_id, line.wanted, line.available) for line in refused.lines] == [(cups, 1, 0)]
    assert market.stock(cups).reserved == 50


def test_another_buyer_is_not_affected(market, cups):
    market.receive(wanted(cups, 50, buyer_id=new_id()))
    market.receive(wanted(cups, 50, buyer_id=new_id()))
    assert market.stock(cups).reserved == 100


def test_thirty_concurrent_checkouts_of_one_buyer_never_reserve_more_than_the_share(market, cups):
    buyer = new_id()
    with ThreadPoolExecutor(6) as tabs:
        list(tabs.map(lambda _: market.receive(wanted(cups, 3, buyer_id=buyer)), range(30)))
    assert len(market.published(StockReserved)) == 16
    assert {refused.reason for refused in market.published(StockRefused)} == {StockRefusal.HOLD_LIMIT}
    assert market.stock(cups).reserved == 48


def test_a_small_stock_can_be_bought_whole(market, few):
    market.receive(wanted(few, 8, buyer_id=new_id()))
    assert market.stock(few).reserved == 8


@pytest.mark.parametrize("ends", [ReleaseStock, CommitStock])
def test_committed_and_released_units_no_longer_count(market, cups, ends):
    buyer = new_id()
    first = wanted(cups, 50, buyer_id=buyer)
    market.receive(first)
    market.receive(ends(checkout_id=first.checkout_id))
    market.receive(wanted(cups, 20, buyer_id=buyer))
    assert len(market.published(StockReserved)) == 2


def test_the_share_is_a_setting_and_one_unit_can_always_be_bought(market, cups, monkeypatch):
    monkeypatch.setenv("STOCK_HOLD_PERCENT", "0")
    monkeypatch.setenv("STOCK_HOLD_PIECES", "0")
    buyer = new_id()
    market.receive(wanted(cups, 2, buyer_id=buyer))
    market.receive(wanted(cups, 1, buyer_id=buyer))
    assert market.stock(cups).reserved == 1


def test_a_command_without_a_buyer_is_not_limited(market, cups):
    market.receive(wanted(cups, 100))
    assert market.stock(cups).reserved == 100
