"""A service answers or refuses any request: anything else would be an internal error."""

import inspect
import json
import os
from contextlib import suppress
from dataclasses import make_dataclass
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

from shared import shapes
from shared.answering import Keyed
from shared.auth import Caller
from shared.errors import Refusal
from shared.ids import new_id
from shared.permissions import Role
from shared.rpc import Rpc
from shared.testing import service, service_fixtures
from shared.testing.lengths import lasting
from tests.model import people
from tests.model.random_requests import requests
from tests.model.world import SERVICES
from users.service import UsersService
from users.sessions.passwords import Passwords
from users.work import Work as UsersWork

EXAMPLES = int(os.environ.get("QUESTION_EXAMPLES", lasting(12, long=500)))
database_url, open_work = service_fixtures("users", UsersWork)


@pytest.fixture
def shop(world):
    """A shop, a shopper with an order, and an operator, as one caller with all roles."""
    shop = people.a_shop(world, 101, 4990)
    campaign_id = people.a_campaign(world, shop)
    caller_of_all = Caller(shop.merchant.user_id, new_id(), frozenset(Role), shop.merchant.shops)
    coupon = world.call("marketing", "claim_coupon", caller_of_all, campaign_id=campaign_id)
    checkout_id = people.buy(world, caller_of_all, [(shop.skus[0], 2)], [], "cash_on_delivery")
    world.deliver_all()
    placed = world.call("orders", "get_checkout", caller_of_all, checkout_id=checkout_id)
    (order,) = placed["orders"]
    ids = [order[name] for name in ("order_id", "checkout_id", "payment_id", "shop_id")]
    lines = [name for line in order["lines"] for name in (line["line_id"], line["product_id"], line["sku_id"])]
    return caller_of_all, [*ids, *lines, campaign_id, coupon["coupon_id"]]


@pytest.mark.parametrize("name", SERVICES)
def test_every_request_is_answered_or_refused(world, shop, name, monkeypatch):
    caller_of_all, known_ids = shop
    _call_at_random(service(SERVICES[name][0], world.open[name]), caller_of_all, known_ids, monkeypatch)


def test_every_request_to_users_is_answered_or_refused(open_work, token_keys, monkeypatch):
    shell = service(UsersService, open_work)
    shell.passwords = Passwords()
    made = shell.register(Caller(), {"email": "buyer@example.com", "password": "blue teapot", "name": "周静"})
    caller_of_all = Caller(UUID(made["user_id"]), new_id(), frozenset(Role))
    _call_at_random(shell, caller_of_all, [made["user_id"]], monkeypatch)


def _call_at_random(shell, caller_of_all, known_ids, monkeypatch):
    requested = [(method, _shape(shell, method, caller_of_all, monkeypatch)) for method in _methods(type(shell))]

    @settings(max_examples=EXAMPLES * len(requested), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def call(data):
        method, shape = data.draw(st.sampled_from(requested))
        request = data.draw(requests(shape, known_ids)) if shape else {}
        try:
            json.dumps(getattr(shell, method)(caller_of_all, request))
        except Refusal as refusal:
            json.dumps(refusal.facts)

    call()


def _methods(shell):
    """The methods that may be called over RPC."""
    methods = inspect.getmembers(shell, inspect.isfunction)
    return sorted(name for name, method in methods if _marks(method))


def _marks(method):
    return [mark for mark in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ()) if isinstance(mark, Rpc)]


def _declared(method):
    """The request of a method by its contract, with a key where it takes one; else None."""
    (mark,) = _marks(method)
    if mark.request and mark.request.contract.keyed:
        return make_dataclass("KeyedRequest", [], bases=(mark.request, Keyed), frozen=True, kw_only=True)
    return mark.request


def _shape(shell, method, caller, monkeypatch):
    """The shape of a method's request: by its contract, or else the one that it first reads."""
    declared = _declared(getattr(type(shell), method))
    if declared:
        return declared
    seen = []
    with monkeypatch.context() as patched:
        load = shapes.load
        patched.setattr(shapes, "load", lambda shape, data: seen.append(shape) or load(shape, data))
        with suppress(Refusal):
            getattr(shell, method)(caller, {})
    return seen[0] if seen else None
