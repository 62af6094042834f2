"""The confirmation of a checkout that is kept is known from its event."""

import json

import pytest

from gateway.cache import AnswerCache
from gateway.changes import Changes
from gateway.confirmations import confirmed
from gateway.memory import Memory
from gateway.wakeups import Wakeups
from shared.contracts.orders import OrderCancelled, OrderConfirmed

ORDER = {"order_id": "order", "state": "placed", "version": 1, "number": "1"}
CHECKOUT = {"checkout_id": "checkout", "state": "placed", "orders": [ORDER], "note": ""}
EVENT = {"checkout_id": "checkout", "order_id": "order", "version": 2}
CONFIRMED = {**CHECKOUT, "state": "confirmed", "orders": [{**ORDER, "state": "confirmed", "version": 2}]}
IDS = frozenset({"orders checkout", "orders order"})


def test_a_checkout_with_one_order_is_confirmed_with_it():
    assert confirmed(CHECKOUT, EVENT) == CONFIRMED


@pytest.mark.parametrize(
    ("checkout", "event"),
    [
        ({**CHECKOUT, "orders": [ORDER, {**ORDER, "order_id": "other"}]}, EVENT),
        (CHECKOUT, {**EVENT, "version": 3}),
        (CHECKOUT, {**EVENT, "version": 1}),
        (CHECKOUT, {**EVENT, "order_id": "other"}),
        (CHECKOUT, {**EVENT, "checkout_id": "other"}),
        ({**CHECKOUT, "orders": [{**ORDER, "state": "cancelled"}]}, EVENT),
        ({**CHECKOUT, "state": "cancelled"}, EVENT),
        ({**CHECKOUT, "orders": [{"order_id": "order", "state": "placed"}]}, EVENT),
        ({"items": []}, EVENT),
    ],
)
def test_other_checkouts_have_to_be_read_again(checkout, event):
    assert confirmed(checkout, event) is None


@pytest.fixture
def cache():
    opened = AnswerCache()
    opened.open()
    opened.put("own", CHECKOUT, IDS, 100, 30)
    opened.put("list", {"items": []}, IDS, 100, 30)
    return opened


@pytest.fixture
def happens(cache):
    changes = Changes(Wakeups(), Memory(cache))
    return lambda event, body: changes.received(event.topic, "", json.dumps(body).encode())


def test_the_confirmation_changes_the_kept_checkout_and_outdates_what_else_depends_on_it(cache, happens):
    happens(OrderConfirmed, EVENT)
    assert (cache.find("own"), cache.find("list")) == (CONFIRMED, None)


def test_a_second_change_outdates_the_kept_checkout(cache, happens):
    happens(OrderConfirmed, EVENT)
    happens(OrderCancelled, {**EVENT, "version": 3})
    assert cache.find("own") is None


def test_an_outdated_checkout_does_not_become_current_by_its_confirmation(cache, happens):
    happens(OrderCancelled, EVENT)
    happens(OrderConfirmed, EVENT)
    assert cache.find("own") is None


def test_an_answer_read_before_the_confirmation_is_not_kept_after_it(cache, happens):
    before = cache.now
    happens(OrderConfirmed, EVENT)
    assert not cache.is_unchanged(IDS, before)
