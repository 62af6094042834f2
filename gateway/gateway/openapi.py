"""The API as an OpenAPI 3.1 document, generated from the routes and shapes that serve it."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from gateway import problems
from gateway.idempotency import HEADER
from gateway.route import PARAMETER, PREFIX, Route
from shared.contracts.sagas import requests as sagas
from shared.json_schema import Components
from shared.permissions import Permission, Role

KEY = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": "A value that you choose: the same key with the same body returns the first answer again.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag of the version that was read: 409 if it has changed since.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of the answer that the client has: 304 without a body if it is still valid.",
    "schema": {"type": "string"},
}
ETAG = {"description": "Identifies this answer.", "schema": {"type": "string", "pattern": '^"[0-9a-f]{20}"$'}}
NOT_MODIFIED = {"description": "The client has this answer already.", "headers": {"ETag": ETAG}}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable, `detail` is in the language of Accept-Language (zh or en); "
    "more members are facts of the case.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
}
INTRODUCTION = """Buy, sell and run Jishi 集市. Money is an integer of minor units with its currency, times are
ISO 8601 in UTC, ids are UUIDs. Lists answer `items` and `next`, the cursor of the next page. Errors are problem
documents (RFC 9457) with a stable `code`."""


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """The whole document, as JSON."""
    components = Components()
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operation = _operation(route, components)
        paths.setdefault(PREFIX + PARAMETER.sub(r"{\1}", route.path), {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Jishi 集市", "version": "1", "description": " ".join(INTRODUCTION.split())},
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route in routes)],
        "paths": paths,
        "components": {
            "schemas": {**components.schemas, "Problem": PROBLEM},
            "responses": {str(status): _problem(status) for status in sorted(_all_statuses(routes))},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def statuses(route: Route) -> set[int]:
    """The statuses of the problems that a route may return."""
    found = {400, 401, 403, 404, 405, 408, 409, 413, 422, 429, 500, 503, 504}
    withdrawable = route.is_page and "{" in route.path  # what was public may be gone
    return found | ({415} if route.raw or route.in_body else set()) | ({410} if withdrawable else set())


def _operation(route: Route, components: Components) -> dict[str, Any]:
    operation = {
        "operationId": _name(route),
        "tags": [route.tag],
        "summary": route.summary,
        "parameters": [*_path(route), *_query(route, components), *_headers(route)],
        "responses": {
            str(route.status): _success(route, components),
            **({"304": NOT_MODIFIED} if route.is_page else {}),
            **{str(s): {"$ref": f"#/components/responses/{s}"} for s in sorted(statuses(route))},
        },
    }
    if route.permission is not Permission.PUBLIC:
        operation["security"] = [{"bearer": []}]
        operation["description"] = f"For {_people(route.request.contract.allowed)}: `{route.permission}`."
    if route.in_body or (route.raw and route.raw.documented is not None):
        operation["requestBody"] = {"required": True, "content": _body(route, components)}
    return operation


def _name(route: Route) -> str:
    service, _, method = (route.name or route.rpc_method).rpartition(".")
    if route.request.__module__ == sagas.__name__:  # every service with sagas answers these
        method = f"{method}_of_{service}"
    return f"{method}_stream" if route.stream else method


def _people(roles: Iterable[Role]) -> str:
    return " and ".join(f"{role}s" for role in sorted(roles))


def _path(route: Route) -> list[dict[str, Any]]:
    kinds = {"uuid": {"type": "string", "format": "uuid"}, "": {"type": "string", "minLength": 1}}
    return [
        {"name": name, "in": "path", "required": True, "schema": kinds[kind]}
        for name, kind in PARAMETER.findall(route.path)
    ]


def _query(route: Route, components: Components) -> list[dict[str, Any]]:
    if not route.in_query:
        return []
    found = components.properties(route.request, only=route.in_query).items()
    return [
        {"name": name, "in": "query", "required": required, "schema": _never_null(schema)}
        for name, (schema, required) in found
    ]


def _never_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without null: a query parameter is present or absent."""
    if "anyOf" in schema:
        return schema["anyOf"][0]
    kind = schema.get("type")
    return {**schema, "type": kind[0]} if isinstance(kind, list) else schema


def _headers(route: Route) -> list[dict[str, Any]]:
    wanted = ((KEY, route.keyed), (IF_MATCH, route.versioned), (IF_NONE_MATCH, route.is_page))
    return [header for header, is_wanted in wanted if is_wanted]


def _body(route: Route, components: Components) -> dict[str, Any]:
    if route.raw:
        return {route.raw.media_type: {"schema": dict(route.raw.documented or {})}}
    return {"application/json": {"schema": components.part(route.request, route.in_body)}}


def _success(route: Route, components: Components) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
    if route.stream:
        text = "Server-sent events: `status` with the document as data, `problem` when it ends early."
        return {"description": text, "content": {"text/event-stream": {"schema": {"type": "string"}}}}
    if route.is_page:
        answer["headers"] = {"ETag": ETAG}
    if route.answers:
        answer["content"] = {"application/json": {"schema": components.of(route.answers)}}
    return answer


def _problem(status: int) -> dict[str, Any]:
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": HTTPStatus(status).phrase, "content": content}


def _all_statuses(routes: Sequence[Route]) -> set[int]:
    return {status for route in routes for status in statuses(route)}
