"""Every question the gateway asks is one that a service answers, for at least the same people."""

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


def test_every_question_of_a_service_has_a_route():
    asked = {method for method, _ in ASKED}
    for name in ("catalog", "orders", "users", "payments", "marketing"):
        for method, function in inspect.getmembers(service_class(name), inspect.isfunction):
            if any(isinstance(e, Rpc) for e in getattr(function, "nameko_entrypoints", ())):
                assert f"{name}.{method}" in asked
