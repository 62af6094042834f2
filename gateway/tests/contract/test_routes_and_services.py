"""Every method that the gateway calls is one that a service offers, for the same roles."""

import ast
import importlib
import inspect
import pkgutil

import pytest

import auditor
from gateway.routes import ROUTES
from gateway.web.sitemap import ONLY_HERE
from shared import manifest
from shared.permissions import GRANTED, Role
from shared.requests import request_types
from shared.rpc import Rpc
from shared.topology import service_class

SERVICES = manifest.get().service_names
ROUTED = {(method, route.permission) for route in ROUTES for method in (route.rpc_method, *route.joins)}
REQUESTED = sorted(ROUTED | {(each.contract.method, each.contract.permission) for each in ONLY_HERE})


def answering(method):
    service, _, name = method.partition(".")
    found = getattr(service_class(service), name, None)
    return next((e for e in getattr(found, "nameko_entrypoints", ()) if isinstance(e, Rpc)), None)


@pytest.mark.parametrize(("method", "permission"), REQUESTED)
def test_a_service_offers_what_the_gateway_calls(method, permission):
    entrypoint = answering(method)
    assert entrypoint is not None, f"{method} is called, and no service offers it"
    allowed = set(entrypoint.allow)
    assert Role.ANYONE in allowed or set(GRANTED[permission]) <= allowed


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_service_takes_the_same_request_as_its_route(route):
    assert answering(route.rpc_method).request.contract is route.request.contract


def rpc_methods():
    """Every RPC method of every service."""
    for name in SERVICES:
        for method, function in inspect.getmembers(service_class(name), inspect.isfunction):
            if any(isinstance(e, Rpc) for e in getattr(function, "nameko_entrypoints", ())):
                yield f"{name}.{method}"


def is_of_the_auditor(method):
    return set(answering(method).allow) == {Role.AUDITOR}


def test_every_rpc_method_has_a_route_or_serves_a_page():
    requested = {method for method, _ in REQUESTED}
    assert {method for method in rpc_methods() if not is_of_the_auditor(method)} <= requested


def named(module):
    """The objects that a module names in its code, also of other modules."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield getattr(vars(module).get(node.value.id), node.attr, None)
        elif isinstance(node, ast.Name):
            yield vars(module).get(node.id)


def test_the_auditor_sends_every_audit_query_and_no_other_request_of_its_role():
    modules = [importlib.import_module(f"auditor.{each.name}") for each in pkgutil.iter_modules(auditor.__path__)]
    requested = {each for module in modules for each in named(module) if isinstance(each, type)}
    declared = {each for each in request_types() if each.contract.allowed == {Role.AUDITOR}}
    assert requested & declared == declared
    assert declared == {answering(method).request for method in rpc_methods() if is_of_the_auditor(method)}
