"""What the gateway takes is what the services take: the same fields, types, bounds and what may be left out.

The gateway may not import a service, so it has shapes of its own; here the two are held side by side.
"""

import inspect
import re
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

import payments.schemas
from gateway.openapi import PARAMETER
from gateway.routes import ROUTES
from gateway.schemas import operating, orders
from gateway.tests.contract.test_routes_and_services import answering
from shared.topology import service_class

LOADED = re.compile(r"shapes\.load\(schemas\.(\w+), request\)")
HELPER = re.compile(r"\b(_\w+)\(request\)")
FROM_HEADERS = {"idempotency_key": "keyed", "version": "versioned"}
RAW = {  # what the functions of the raw routes make of a body
    "catalog.import_products": {"csv"},
    "orders.carrier_event": {"signature", "body"},
    "payments.wechat_notification": {"headers", "body"},
}
CHOOSER = "service"  # says who is asked; it is no part of the question
ROUTE = [pytest.param(route, id=f"{route.method} {route.path}") for route in ROUTES if not route.request]


def shape_of(method):
    """The shape that a service reads the request with, None where it reads nothing of it."""
    service, _, name = method.partition(".")
    function = getattr(service_class(service), name)
    source, module = inspect.getsource(function), inspect.getmodule(function)
    for helper in HELPER.findall(source):
        source += inspect.getsource(getattr(module, helper))
    found = set(LOADED.findall(source))
    assert len(found) <= 1, f"{method} reads its request as {found}"
    return getattr(module.schemas, found.pop()) if found else None


def members(shape):
    """Each field with its type, its bounds and kind of text, and whether it must be there."""
    if shape is None:
        return {}
    hints = get_type_hints(shape)
    return {spec.name: (described(hints[spec.name]), bounds(spec), is_required(spec)) for spec in fields(shape)}


def described(hint):
    origin, args = get_origin(hint), get_args(hint)
    if type(None) in args:
        return "or null", described(Union[tuple(a for a in args if a is not type(None))])  # noqa: UP007
    if origin in (list, tuple):
        return "list of", described(args[0])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {member.value for member in hint}
    return members(hint) if is_dataclass(hint) else hint


def bounds(spec):
    """The least and the most of a value, and how a text is normalised."""
    rule = spec.metadata.get("validate")
    return rule and (rule.min, rule.max, spec.metadata.get("text"))


def is_required(spec):
    return spec.default is MISSING and spec.default_factory is MISSING


@pytest.mark.parametrize("route", ROUTE)
def test_a_field_is_taken_as_its_service_takes_it(route):
    theirs = members(shape_of(route.asks))
    for name, ours in {**members(route.body), **members(route.query)}.items():
        if route.compose and name == CHOOSER:
            continue
        assert name in theirs, f"{route.asks} does not know {name}"
        kind, limits, required = theirs[name]
        assert ours == (kind, limits or ours[1], required), name


BY_ITSELF = {"csv", "headers", "currency"}  # a file and headers as they came; one currency is taken


def unbounded(shape):
    """Texts and timestamps of a request, also within its lists, of which nobody says what they may be."""
    for name, (kind, limits, _) in shape.items():
        plain = kind[1] if isinstance(kind, tuple) and kind[0] in ("or null", "list of") else kind
        plain = plain[1] if isinstance(plain, tuple) else plain
        if isinstance(plain, dict):
            yield from unbounded(plain)
        elif plain in (str, datetime) and not (limits and (plain is datetime or limits[2])):
            yield name


@pytest.mark.parametrize("route", ROUTE)
def test_every_text_has_a_kind_and_every_timestamp_its_bounds(route):
    shapes = (shape_of(route.asks), route.body, route.query)
    assert {name for shape in shapes for name in unbounded(members(shape))} <= BY_ITSELF


@pytest.mark.parametrize("route", ROUTE)
def test_what_a_service_needs_is_given_from_somewhere_and_what_stands_in_the_path_is_known(route):
    theirs = members(shape_of(route.asks))
    in_path = {name: UUID if kind == "uuid" else str for name, kind in PARAMETER.findall(route.path)}
    in_path = {name: kind for name, kind in in_path.items() if name != CHOOSER or not route.compose}
    given = {*in_path, *members(route.body), *members(route.query), *RAW.get(route.asks, ())}
    given |= {name for name, flag in FROM_HEADERS.items() if getattr(route, flag)}
    if theirs or route.method != "GET":
        assert set(in_path) <= set(theirs)
    assert {name for name, (_, _, required) in theirs.items() if required} <= given
    for name, kind in in_path.items():
        assert theirs[name][0] == kind


@pytest.mark.parametrize("route", ROUTE)
def test_a_key_or_a_version_is_asked_for_where_the_service_makes_use_of_it(route):
    theirs = members(shape_of(route.asks))
    assert route.keyed == ("idempotency_key" in theirs)
    if route.versioned:
        assert "version" in theirs


@pytest.mark.parametrize("route", [route for route in ROUTE if route.values[0].body])
def test_a_body_of_the_longest_texts_is_within_its_routes_limit(route):
    assert longest(members(route.body)) <= route.most


def longest(shape):
    """Bytes of ASCII that the texts of an object may have; of a list, one member counts."""
    return sum(_longest(kind, limits) for kind, limits, _ in shape.values())


def _longest(kind, limits):
    if isinstance(kind, dict):
        return longest(kind)
    if isinstance(kind, tuple):
        return _longest(kind[1], limits if kind[0] == "or null" else None)
    return limits[1] if kind is str and limits else 0


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (orders.Payment, payments.schemas.PaymentView),
        (operating.AccountBalance, payments.schemas.AccountBalance),
        (operating.TrialBalance, payments.schemas.TrialBalance),
    ],
)
def test_an_answer_that_a_service_has_a_shape_for_is_documented_so(ours, theirs):
    assert members(ours) == members(theirs)


def test_every_service_method_is_read_for_its_shape():
    assert all(answering(route.asks) for route in ROUTES if not route.request)
    assert shape_of("orders.get_order").__name__ == "OfOrder"
    assert shape_of("users.me") is None
