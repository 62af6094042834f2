"""Every question the gateway asks is one that a service answers, for the same people."""

import inspect

import pytest

from gateway.routes import ROUTES
from shared.auth import Role
from shared.entrypoints import rpc  # noqa: F401 - the entrypoints register themselves
from shared.rpc import Rpc
from shared.topology import service_class

ASKED = sorted({(method, route.who) for route in ROUTES for method in (route.asks, *route.joins)})


def answering(method):
    service, _, name = method.partition(".")
    found = getattr(service_class(service), name, None)
    return next((e for e in getattr(found, "nameko_entrypoints", ()) if isinstance(e, Rpc)), None)


@pytest.mark.parametrize(("method", "who"), ASKED)
def test_a_service_answers_what_the_gateway_asks(method, who):
    entrypoint = answering(method)
    assert entrypoint is not None, f"{method} is asked, and nobody answers"
    allowed = set(entrypoint.allow)
    assert Role.ANYONE in allowed or set(who) <= allowed


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_door_is_closed_to_the_same_people_in_the_gateway_and_in_the_service(route):
    assert set(answering(route.asks).allow) == set(route.who)


def test_every_question_of_a_service_has_a_route():
    asked = {method for method, _ in ASKED}
    for name in ("catalog", "orders", "users", "payments", "marketing"):
        for method, function in inspect.getmembers(service_class(name), inspect.isfunction):
            if any(isinstance(e, Rpc) for e in getattr(function, "nameko_entrypoints", ())):
                assert f"{name}.{method}" in asked
