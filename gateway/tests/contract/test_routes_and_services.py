"""Every question the gateway asks is one that a service answers, for the same people."""

import ast
import importlib
import inspect
import pkgutil

import pytest

import auditor
from gateway.routes import ROUTES
from shared import manifest
from shared.permissions import GRANTED, Role
from shared.requests import request_types
from shared.rpc import Rpc
from shared.topology import service_class

SERVICES = manifest.get().service_names
REQUESTED = sorted({(method, route.permission) for route in ROUTES for method in (route.rpc_method, *route.joins)})


def answering(method):
    service, _, name = method.partition(".")
    found = getattr(service_class(service), name, None)
    return next((e for e in getattr(found, "nameko_entrypoints", ()) if isinstance(e, Rpc)), None)


@pytest.mark.parametrize(("method", "permission"), REQUESTED)
def test_a_service_answers_what_the_gateway_asks(method, permission):
    entrypoint = answering(method)
    assert entrypoint is not None, f"{method} is asked, and nobody answers"
    allowed = set(entrypoint.allow)
    assert Role.ANYONE in allowed or set(GRANTED[permission]) <= allowed


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_service_answers_the_very_request_that_its_route_offers(route):
    assert answering(route.rpc_method).request.contract is route.request.contract


def questions():
    """Every question of every service."""
    for name in SERVICES:
        for method, function in inspect.getmembers(service_class(name), inspect.isfunction):
            if any(isinstance(e, Rpc) for e in getattr(function, "nameko_entrypoints", ())):
                yield f"{name}.{method}"


def is_the_auditors(method):
    return set(answering(method).allow) == {Role.AUDITOR}


def test_every_question_of_a_service_has_a_route():
    requested = {method for method, _ in REQUESTED}
    assert {method for method in questions() if not is_the_auditors(method)} <= requested


def named(module):
    """What a module names in its code, also of another module."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield getattr(vars(module).get(node.value.id), node.attr, None)
        elif isinstance(node, ast.Name):
            yield vars(module).get(node.id)


def test_the_auditor_asks_at_every_door_that_is_open_to_it_alone_and_at_no_other():
    modules = [importlib.import_module(f"auditor.{each.name}") for each in pkgutil.iter_modules(auditor.__path__)]
    requested = {each for module in modules for each in named(module) if isinstance(each, type)}
    declared = {each for each in request_types() if each.contract.allowed == {Role.AUDITOR}}
    assert requested & declared == declared
    assert declared == {answering(method).request for method in questions() if is_the_auditors(method)}
