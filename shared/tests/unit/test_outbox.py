"""Messages are checked when they are published, before anything is stored."""

from datetime import timedelta

import pytest

from shared.contracts import catalog
from shared.ids import made_at, new_id
from shared.shapes import Misshapen
from shared.work import Work


def low(**wrong):
    known = {"sku_id": new_id(), "product_id": new_id(), "shop_id": new_id(), "available": 3}
    return catalog.StockLow(**{**known, **wrong})


@pytest.mark.parametrize(
    "wrong", [{"available": "3"}, {"available": 3.5}, {"available": None}, {"sku_id": "chair"}]
)
def test_ec_03_a_message_that_does_not_fit_its_schema_cannot_be_published(wrong):
    work = Work(None)
    with pytest.raises((Misshapen, ValueError, TypeError)):
        work.publish(low(**wrong))
    assert work._published == []


def test_ec_02_every_message_has_a_unique_id_that_contains_its_time():
    work = Work(None)
    first, second = work.publish(low()), work.publish(low())
    assert first < second
    assert abs(made_at(first) - work.now) < timedelta(seconds=5)


def test_a_deadline_is_stored_in_milliseconds():
    work = Work(None)
    work.publish(catalog.ReleaseStock(checkout_id=new_id()), within=timedelta(seconds=1.5))
    (row,) = work._published
    assert row["within"] == 1500
