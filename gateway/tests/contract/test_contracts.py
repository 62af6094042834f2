"""Routes match their contracts: every text bounded, paths of known fields, bodies within their limits."""

from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

from gateway.route import PARAMETER
from gateway.routes import ROUTES
from shared.requests import request_types

OFFERED = [pytest.param(route, id=f"{route.method} {route.path}") for route in ROUTES]
DECLARED = [
    pytest.param(each, id=each.contract.method)
    for each in request_types()
    if each.__module__.startswith("shared.contracts.")
]
BY_ITSELF = {"csv", "headers", "currency"}  # a file and headers, unchanged; only one currency is accepted
CHOOSER = "service"  # names the service to call; not part of the request


def plain(hint):
    """The type without `| None` and without its list."""
    inner = [each for each in get_args(hint) if each not in (type(None), Ellipsis)]
    return plain(inner[0]) if inner and get_origin(hint) is not dict else hint


def unbounded(shape):
    """Texts and timestamps of a request, also within its lists, without bounds."""
    hints = get_type_hints(shape)
    for spec in fields(shape):
        kind, rule = plain(hints[spec.name]), spec.metadata.get("validate")
        if is_dataclass(kind):
            yield from unbounded(kind)
        elif kind in (str, datetime) and not (rule and (kind is datetime or spec.metadata.get("text"))):
            yield spec.name


@pytest.mark.parametrize("request_type", DECLARED)
def test_every_text_of_a_request_has_a_kind_and_every_timestamp_its_bounds(request_type):
    assert set(unbounded(request_type)) <= BY_ITSELF


@pytest.mark.parametrize("route", OFFERED)
def test_a_path_parameter_is_a_field_of_the_request_and_of_its_type(route):
    hints = get_type_hints(route.request)
    in_path = {name: UUID if kind == "uuid" else str for name, kind in PARAMETER.findall(route.path)}
    for name, kind in in_path.items():
        assert hints.get(name) is kind or (route.compose and name == CHOOSER)


@pytest.mark.parametrize("route", OFFERED)
def test_a_route_takes_a_version_where_the_request_has_one(route):
    assert route.versioned == ("version" in get_type_hints(route.request))


@pytest.mark.parametrize("route", OFFERED)
def test_an_idempotency_key_is_taken_from_its_header_only(route):
    assert "idempotency_key" not in (*route.in_body, *route.in_query)


@pytest.mark.parametrize("route", [route for route in OFFERED if route.values[0].in_body])
def test_a_body_of_the_longest_texts_is_within_its_routes_limit(route):
    assert longest(route.request, route.in_body) <= route.most


def longest(shape, only=()):
    """The longest JSON of an object, in bytes of ASCII; of a list, one member counts."""
    hints = get_type_hints(shape)
    return sum(_longest(hints[spec.name], spec) for spec in fields(shape) if not only or spec.name in only)


def _longest(hint, spec):
    kind, rule = plain(hint), spec.metadata.get("validate")
    if is_dataclass(kind):
        return longest(kind)
    return rule.max if kind is str and rule and get_origin(hint) is not tuple else 0
