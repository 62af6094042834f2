"""Marketing's copy of catalog's prices is updated by events in any order."""

from dataclasses import replace
from itertools import permutations

import pytest
from sqlalchemy import text

from marketing.service import MarketingService
from services.marketing.tests.builders import named, product, yuan
from shared.contracts.catalog import ProductChanged, ProductWithdrawn, Sku
from shared.money import Money
from shared.shapes import dump
from shared.testing import deliver


def on_sale(open_work, *names):
    with open_work() as work:
        return work.prices.of([named(name) for name in names], "CNY")


def changed(published, **known):
    return ProductChanged(**{name: getattr(published, name) for name in dump(published)} | known)


def withdrawn(name, version):
    return ProductWithdrawn(product_id=named(f"{name} product"), shop_id=named("TEA-HOUSE"), version=version)


def test_a_published_product_has_its_prices(open_work):
    deliver(MarketingService, open_work, product("TEAPOT", yuan(66), category="居家 > 茶具"))
    (listed,) = on_sale(open_work, "TEAPOT").values()
    assert (listed.amount, listed.title, listed.image) == (yuan(66), "Teapot", "/media/teapot.svg")
    assert listed.category == "居家 > 茶具"


def test_a_sku_removed_from_its_product_is_not_for_sale(open_work):
    first = product("TEAPOT", yuan(66))
    deliver(MarketingService, open_work, first)
    lid = Sku(sku_id=named("LID"), code="LID", options="部件: 盖", price=yuan(6), image="/media/lid.svg")
    deliver(MarketingService, open_work, changed(first, version=2, skus=(lid,)))
    (listed,) = on_sale(open_work, "TEAPOT", "LID").values()
    assert (listed.sku_id, listed.options, listed.image) == (named("LID"), "部件: 盖", "/media/lid.svg")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_rule_15_the_newest_version_wins_in_any_order(open_work, order):
    first = product("TEAPOT", yuan(66), version=1)
    events = [first, changed(first, version=2, skus=first.skus), withdrawn("TEAPOT", 3)]
    for place in order:
        deliver(MarketingService, open_work, events[place])
    assert on_sale(open_work, "TEAPOT") == {}


def test_of_several_events_of_a_product_in_one_batch_the_newest_wins(open_work):
    first = product("TEAPOT", yuan(66))
    cup = changed(cup_published := product("CUP", yuan(9)), skus=cup_published.skus)
    others = [changed(first, version=version, skus=(dearer(first, version),)) for version in (2, 4, 3)]
    deliver(MarketingService, open_work, others[0], cup, *others[1:])
    amounts = {sku_id: price.amount for sku_id, price in on_sale(open_work, "TEAPOT", "CUP").items()}
    assert amounts == {named("TEAPOT"): yuan(4), named("CUP"): yuan(9)}


def dearer(published, version):
    return replace(published.skus[0], price=yuan(version))


def test_several_products_are_changed_and_withdrawn_in_one_batch(open_work):
    names = ("TEAPOT", "CUP", "BOWL")
    deliver(MarketingService, open_work, *(product(name, yuan(6)) for name in names))
    deliver(MarketingService, open_work, *(withdrawn(name, 2) for name in names[1:]))
    assert list(on_sale(open_work, *names)) == [named("TEAPOT")]


def test_prices_that_stay_as_they_are_are_not_written(open_work):
    first = product("TEAPOT", yuan(66))
    deliver(MarketingService, open_work, first)
    written = stored_by(open_work)
    deliver(MarketingService, open_work, changed(first, version=2, title="Pot", skus=first.skus))
    assert stored_by(open_work) == written
    deliver(MarketingService, open_work, changed(first, version=3, skus=(dearer(first, 3),)))
    assert stored_by(open_work) != written


def stored_by(open_work):
    with open_work.engine.connect() as connection:
        return connection.execute(text("SELECT xmin::text FROM prices")).scalars().all()


def test_an_older_event_does_not_restore_a_price(open_work):
    deliver(MarketingService, open_work, product("TEAPOT", yuan(70), version=5))
    deliver(MarketingService, open_work, product("TEAPOT", yuan(66), version=4))
    assert on_sale(open_work, "TEAPOT")[named("TEAPOT")].amount == yuan(70)


def test_a_withdrawn_product_can_be_published_again(open_work):
    deliver(MarketingService, open_work, withdrawn("TEAPOT", 2))
    deliver(MarketingService, open_work, product("TEAPOT", yuan(66), version=3))
    assert len(on_sale(open_work, "TEAPOT")) == 1


def test_a_price_in_another_currency_is_not_for_sale(open_work):
    foreign = product("TEAPOT", yuan(66))
    sku = Sku(sku_id=named("TEAPOT"), code="T", options="", price=Money(100, "USD"))
    deliver(MarketingService, open_work, changed(foreign, skus=(sku,)))
    assert on_sale(open_work, "TEAPOT") == {}
