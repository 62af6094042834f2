"""From an HTTP request to the JSON object of an RPC call."""

import re
from dataclasses import fields
from functools import cache
from typing import Any, get_origin, get_type_hints

from starlette.requests import Request

from gateway import bodies, idempotency
from gateway.bodies import malformed
from gateway.route import BODILESS, Json, Route
from shared import shapes

ETAG = re.compile(r'"([0-9]{1,9})"')
WHOLE = re.compile(r"-?[0-9]{1,15}")


async def read(route: Route, request: Request) -> Json:
    """Path, query, body and key in one object; fields of the path take precedence.

    Raises Problem for what cannot be parsed, and Misshapen, with the fields' paths, for what is invalid.
    """
    in_path = {name: _plain(str(value)) for name, value in request.path_params.items()}
    taken = {name: read(request) for name, read in route.taken.items()}
    requested = _fitting(route.request, await _given(route, request) | taken | in_path) | in_path
    if route.keyed:
        requested["idempotency_key"] = idempotency.key_of(request)
    return requested | (_version(request) if route.versioned else {})


async def _given(route: Route, request: Request) -> Json:
    """The fields in the body, or in the query of a request without a body."""
    body = await bodies.read(request, route.most)
    if route.raw:
        bodies.check_type(request, route.raw.media_type)
        return _parameters(route, request) | route.raw.read(request, body)
    if route.method in BODILESS:
        return _parameters(route, request)
    if not route.in_body:
        return {}
    bodies.check_type(request, "application/json")
    given = bodies.parse(body)
    return {name: given[name] for name in route.in_body if name in given}


def _parameters(route: Route, request: Request) -> Json:
    """The fields in the query; other parameters are ignored. A list has a parameter for each of its items."""
    given: Json = {}
    shape: type = route.request
    for name, text in request.query_params.multi_items():
        if name not in route.in_query:
            continue
        if name in _lists(shape):
            given.setdefault(name, []).append(_plain(text))
        elif name in given:
            raise malformed(f"The parameter {name} is given twice.")
        else:
            given[name] = _plain(text)
    return _typed(shape, given)


def _typed(shape: type, given: Json) -> Json:
    """Numbers as numbers: in a query everything is text."""
    whole = _whole_numbers(shape)
    return {name: int(text) if name in whole and WHOLE.fullmatch(text) else text for name, text in given.items()}


@cache
def _lists(shape: type) -> frozenset[str]:
    return frozenset(name for name, hint in get_type_hints(shape).items() if get_origin(hint) is tuple)


@cache
def _whole_numbers(shape: type) -> frozenset[str]:
    return frozenset(name for name, hint in get_type_hints(shape).items() if hint in (int, int | None))


def _fitting(shape: type, data: Json) -> Json:
    """The fields of the shape, if they are valid. Unknown fields never reach a service."""
    shapes.load(shape, data)
    return {spec.name: data[spec.name] for spec in fields(shape) if spec.name in data}


def _version(request: Request) -> Json:
    """The version on which a change is based, if the client sent If-Match (RFC 9110 §13.1.1)."""
    match = request.headers.get("if-match", "*")
    if match == "*":
        return {}
    found = ETAG.fullmatch(match)
    if not found:
        raise malformed('If-Match has one entity tag, such as "3".')
    return {"version": int(found[1])}


def _plain(text: str) -> Any:
    if not bodies.readable(text):
        raise malformed("A parameter holds a character that cannot be stored.")
    return text
