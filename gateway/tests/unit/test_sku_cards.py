"""The cards of SKUs in quotes and carts: kept, with the available units that events tell."""

import asyncio
import json

import pytest

from gateway.app import build
from gateway.cache import LONGEST_PAGE, AnswerCache
from gateway.changes import Changes
from gateway.memory import Memory
from gateway.sku_cards import SkuCards
from gateway.tests.doubles import Client, bearer
from gateway.wakeups import Wakeups
from shared.contracts.catalog import AvailabilityChanged, ProductChanged, ProductWithdrawn
from shared.contracts.users import ShopSuspended
from shared.ids import new_id

CUP, POT, PRODUCT, SHOP = (str(new_id()) for _ in range(4))
FIRST, SECOND = (f"01980000-0000-7000-8000-00000000000{n}" for n in (1, 2))  # change ids, in order


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def card(sku_id, available=5, *, on_shelf=True):
    about = {"sku_id": sku_id, "product_id": PRODUCT, "shop_id": SHOP}
    return {**about, "available": available if on_shelf else 0, "on_shelf": on_shelf}


class Catalog:
    """Answers for the SKUs that it knows; `meanwhile` happens between reading and answering."""

    def __init__(self):
        self.called, self.cards, self.meanwhile = [], {CUP: card(CUP), POT: card(POT)}, lambda: None

    async def __call__(self, method, request):
        assert method == "catalog.get_skus"
        self.called.append(request["sku_ids"])
        answer = [self.cards[sku_id] for sku_id in request["sku_ids"] if sku_id in self.cards]
        self.meanwhile()
        return {"items": answer}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def memory(clock):
    opened = Memory(AnswerCache(clock=clock))
    opened.open()
    return opened


@pytest.fixture
def catalog():
    return Catalog()


@pytest.fixture
def happens(memory):
    """Receive an event with these fields."""
    changes = Changes(Wakeups(), memory)

    def receive(event, **body):
        changes.received(event.topic, "", json.dumps(body).encode())

    return receive


@pytest.fixture
def units(happens):
    """Receive the event that a SKU has so many available units."""
    return lambda number, change_id=FIRST: happens(
        AvailabilityChanged, change_id=change_id, sku_ids=[CUP], available=[number]
    )


@pytest.fixture
def shown(memory, catalog):
    """The available units of SKUs, as a quote shows them."""

    def read(*sku_ids):
        cards = asyncio.run(memory.cards.get(catalog, {"sku_ids": list(sku_ids)}))
        return {each["sku_id"]: each["available"] for each in cards["items"]}

    return read


def test_catalog_is_called_only_for_cards_that_are_not_kept(shown, catalog):
    assert shown(CUP) == {CUP: 5}
    assert shown(CUP, POT) == {CUP: 5, POT: 5}
    assert shown(POT, CUP) == {CUP: 5, POT: 5}
    assert catalog.called == [[CUP], [POT]]


def test_a_change_of_the_available_units_is_on_the_card_without_a_call(shown, catalog, units):
    shown(CUP, POT)
    units(4)
    assert shown(CUP, POT) == {CUP: 4, POT: 5}
    assert len(catalog.called) == 1


def test_an_older_change_that_arrives_late_is_not_shown(shown, units):
    shown(CUP)
    units(3, SECOND)
    units(4, FIRST)
    assert shown(CUP) == {CUP: 3}


def test_a_change_while_catalog_is_called_is_shown_and_the_card_is_kept(shown, catalog, units):
    catalog.meanwhile = lambda: units(4)
    assert [shown(CUP), shown(CUP)] == [{CUP: 4}] * 2
    assert len(catalog.called) == 1


def test_a_change_before_catalog_is_called_is_older_than_the_answer(shown, catalog, units):
    units(4)
    assert shown(CUP) == {CUP: 5}


def test_a_sku_that_is_not_on_the_shelf_stays_without_units(shown, catalog, units):
    catalog.cards[CUP] = card(CUP, on_shelf=False)
    catalog.meanwhile = lambda: units(4, FIRST)
    assert shown(CUP) == {CUP: 0}
    units(3, SECOND)
    assert shown(CUP) == {CUP: 0}


@pytest.mark.parametrize(
    ("event", "body"),
    [
        (ProductChanged, {"product_id": PRODUCT}),
        (ProductWithdrawn, {"product_id": PRODUCT}),
        (ShopSuspended, {"shop_id": SHOP}),
        (AvailabilityChanged, {"change_id": FIRST, "sku_ids": [CUP]}),
    ],
    ids=["changed", "withdrawn", "suspended", "units not told"],
)
@pytest.mark.parametrize("when", ["kept", "under way"])
def test_any_other_change_makes_the_card_read_again(shown, catalog, happens, event, body, when):
    if when == "under way":
        catalog.meanwhile = lambda: happens(event, **body)
    shown(CUP)
    catalog.meanwhile = lambda: None
    if when == "kept":
        happens(event, **body)
    catalog.cards[CUP] = card(CUP, 1)
    assert shown(CUP) == {CUP: 1}


def test_a_card_is_read_again_after_its_longest_time_also_if_its_units_change(shown, catalog, units, clock):
    shown(CUP)
    clock.now += LONGEST_PAGE - 1
    units(4)
    assert shown(CUP) == {CUP: 4}
    clock.now += 1
    assert shown(CUP) == {CUP: 5}


def test_no_card_is_kept_without_the_connection(shown, catalog, memory):
    shown(CUP)
    memory.close()
    shown(CUP)
    memory.open()
    shown(CUP)
    assert catalog.called == [[CUP]] * 3


def test_unknown_skus_are_left_out_and_not_kept(shown, catalog):
    unknown = str(new_id())
    assert shown(CUP, unknown) == {CUP: 5}
    shown(CUP, unknown)
    assert catalog.called == [[CUP, unknown], [unknown]]


def test_the_numbers_of_skus_that_changed_long_ago_make_room(memory):
    cards = SkuCards(memory.answers, most=2)
    for sku_id in "abc":
        cards.changed({"change_id": FIRST, "sku_ids": [sku_id], "available": [1]})
    assert list(cards._units) == ["b", "c"]


def test_quotes_and_carts_share_the_cards(config, services, wakeups, memory):
    line = {"sku_id": CUP, "quantity": 1}
    services.answers["catalog.get_skus"] = {"items": [card(CUP)]}
    services.answers["marketing.request_quote"] = {"shops": [{"lines": [line]}]}
    services.answers["orders.get_cart"] = {"lines": [line]}
    api = Client(build(config, services, wakeups, memory))
    body = {"lines": [line], "benefits": [], "province": "浙江省"}
    quote = api.post("/api/v1/quotes", json=body, headers=bearer()).json()
    cart = api.get("/api/v1/cart", headers=bearer()).json()
    assert quote["shops"][0]["lines"][0]["stock"] == {"code": "available", "available": 5}
    assert cart["lines"][0]["sku"] == card(CUP)
    assert [method for method, _ in services.requested].count("catalog.get_skus") == 1
