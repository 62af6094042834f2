"""One person holds only a share of a SKU's stock unpaid; the last piece stays for sale."""

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
    """The SKU of a tea cup, a hundred in stock: one person may hold fifty."""
    return UUID(market.sell(tea_cup(skus=[{"price": price(5900), "stock": 100}]))["skus"][0]["sku_id"])


@pytest.fixture
def few(market):
    """The SKU of a tea cup, eight in stock, fewer than one person may always hold."""
    return UUID(market.sell(tea_cup(skus=[{"price": price(5900), "stock": 8}]))["skus"][0]["sku_id"])


def test_one_person_holds_no_more_than_the_share_and_the_refusal_names_the_sku(market, cups):
    buyer = new_id()
    market.receive(
        wanted(cups, 30, buyer_id=buyer), wanted(cups, 20, buyer_id=buyer), wanted(cups, 1, buyer_id=buyer)
    )
    (refused,) = market.published(StockRefused)
    assert (refused.reason, refused.sku_ids) == (StockRefusal.HOLD_LIMIT, (cups,))
    assert [(line.sku_id, line.wanted, line.available) for line in refused.lines] == [(cups, 1, 0)]
    assert market.stock(cups).reserved == 50


def test_another_person_is_not_concerned(market, cups):
    market.receive(wanted(cups, 50, buyer_id=new_id()))
    market.receive(wanted(cups, 50, buyer_id=new_id()))
    assert market.stock(cups).reserved == 100


def test_thirty_checkouts_at_once_by_one_person_never_hold_more_than_the_share(market, cups):
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
def test_what_was_paid_or_let_go_counts_no_more(market, cups, ends):
    buyer = new_id()
    first = wanted(cups, 50, buyer_id=buyer)
    market.receive(first)
    market.receive(ends(checkout_id=first.checkout_id))
    market.receive(wanted(cups, 20, buyer_id=buyer))
    assert len(market.published(StockReserved)) == 2


def test_the_share_is_a_setting_and_one_piece_is_always_for_sale(market, cups, monkeypatch):
    monkeypatch.setenv("STOCK_HOLD_PERCENT", "0")
    monkeypatch.setenv("STOCK_HOLD_PIECES", "0")
    buyer = new_id()
    market.receive(wanted(cups, 2, buyer_id=buyer))
    market.receive(wanted(cups, 1, buyer_id=buyer))
    assert market.stock(cups).reserved == 1


def test_a_command_from_before_buyers_were_named_is_not_limited(market, cups):
    market.receive(wanted(cups, 100))
    assert market.stock(cups).reserved == 100
