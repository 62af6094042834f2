"""Restocks: all lines of a refund or none, and never more units than the order bought."""

from collections import Counter

import pytest

from catalog.stock.model.levels import MOST, Level
from catalog.stock.model.lines import Line
from catalog.stock.model.restocking import Restocking, RestockReason
from shared.contracts.catalog import RestockRefusal
from shared.ids import new_id

CHECKOUT, ORDER, CUP, POT = new_id(), new_id(), new_id(), new_id()


def line(sku_id=CUP, quantity=1, order_id=ORDER):
    return Line(order_id=order_id, sku_id=sku_id, quantity=quantity)


def sold(*, on_hand=7):
    """Three cups and a pot of the order were sold and not restocked."""
    known = {"product_id": new_id(), "shop_id": new_id(), "on_hand": on_hand, "reserved": 0}
    levels = {sku_id: Level(sku_id=sku_id, **known) for sku_id in (CUP, POT)}
    return Restocking(levels, {CHECKOUT: Counter({(ORDER, CUP): 3, (ORDER, POT): 1})})


def on_hand(restocking):
    return [restocking.levels[sku_id].on_hand for sku_id in (CUP, POT)]


def test_no_more_units_are_restocked_than_were_sold():
    restocking = sold()
    assert restocking.take_back(CHECKOUT, [line(CUP, 2), line(POT)]) is None
    assert restocking.take_back(CHECKOUT, [line(CUP, 2)]) is RestockReason.RESTOCK_TOO_MUCH
    assert restocking.take_back(CHECKOUT, [line(CUP)]) is None
    assert on_hand(restocking) == [10, 8]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([line(POT), line(CUP, 4)], "restock_too_much"),
        ([line(CUP, 2), line(CUP, 2)], "restock_too_much"),
        ([line(POT), line(order_id=new_id())], "restock_too_much"),
        ([line(POT), line(new_id())], "restock_too_much"),
        ([], "lines_invalid"),
        ([line(POT), line(CUP, 0)], "lines_invalid"),
        ([line(POT), line(CUP, -1)], "lines_invalid"),
    ],
)
def test_one_refused_line_refuses_the_whole_restock(lines, reason):
    restocking = sold()
    assert restocking.take_back(CHECKOUT, lines) == reason
    assert on_hand(restocking) == [7, 7]
    assert restocking.take_back(CHECKOUT, [line(CUP, 3), line(POT)]) is None


def test_a_restock_beyond_the_stock_limit_is_refused():
    restocking = sold(on_hand=MOST - 2)
    assert restocking.take_back(CHECKOUT, [line(POT), line(CUP, 3)]) is RestockReason.STOCK_LIMIT_EXCEEDED
    assert on_hand(restocking) == [MOST - 2] * 2


def test_a_checkout_that_sold_nothing_restocks_nothing():
    assert sold().take_back(new_id(), [line()]) is RestockReason.RESTOCK_TOO_MUCH


def test_every_reason_is_in_the_contract():
    assert {reason.value for reason in RestockReason} == {reason.value for reason in RestockRefusal}
