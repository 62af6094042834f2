"""Calling one of the services, or all of them at once, with a request that all of them answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from gateway.composed import Service
from gateway.route import Call, Json
from shared.answers import ServiceFailed
from shared.errors import NotFound, Unavailable

SERVICES = tuple(each.value for each in Service)


class ServiceNotFound(NotFound):
    """There is no such service."""

    code = "service_not_found"


def one(method: str) -> Mapping[str, Any]:
    """For a route: call the service that its path or query names."""

    async def compose(call: Call, request: Json) -> Json:
        service = _known(request)
        return {"service": service, **await call(f"{service}.{method}", _without_service(request))}

    return _route(method, compose)


def all_or_one(method: str, key: str) -> Mapping[str, Any]:
    """For a route: a page of the items of all services, the newest first by `key`, a time-ordered id.

    `service` in the request calls only that one. Services that do not answer are named in `unanswered`.
    """

    async def compose(call: Call, request: Json) -> Json:
        requested = [_known(request)] if request.get("service") else list(SERVICES)
        pages, missing = await _pages(call, requested, method, _without_service(request))
        return {**_merged(pages, key, request.get("limit", 20)), "unanswered": missing}

    return _route(method, compose)


def all_together(method: str, largest_by: str | None = None) -> Mapping[str, Any]:
    """For a route: the items of all services on one page, the largest first if a number is named.

    Services that do not answer are in `unanswered`.
    """

    async def compose(call: Call, request: Json) -> Json:
        pages, missing = await _pages(call, SERVICES, method, request)
        items = [{"service": service, **item} for service, page in pages.items() for item in page["items"]]
        if largest_by:
            items.sort(key=lambda item: -int(item[largest_by]))
        return {"items": items, "unanswered": missing}

    return _route(method, compose)


async def _pages(
    call: Call, requested: Sequence[str], method: str, request: Json
) -> tuple[Mapping[str, Json], list[str]]:
    """The answers by service, and the names of those that did not answer. Raises the failure if none did."""
    requests = (call(f"{service}.{method}", request) for service in requested)
    answered = dict(zip(requested, await asyncio.gather(*map(_or_failure, requests)), strict=True))
    missing = [service for service, page in answered.items() if isinstance(page, Exception)]
    if len(missing) == len(requested):
        raise answered[missing[0]]
    return {service: page for service, page in answered.items() if service not in missing}, missing


def _merged(pages: Mapping[str, Json], key: str, limit: int) -> Json:
    items = [{"service": service, **item} for service, page in pages.items() for item in page["items"]]
    items.sort(key=lambda item: str(item[key]), reverse=True)
    more = len(items) > limit or any(page["next"] for page in pages.values())
    return {"items": items[:limit], "next": items[limit - 1][key] if more else None}


def _route(method: str, compose: Callable[[Call, Json], Awaitable[Json]]) -> Mapping[str, Any]:
    first, *others = (f"{service}.{method}" for service in SERVICES)
    return {"rpc_method": first, "joins": tuple(others), "compose": compose}


def _known(request: Json) -> str:
    if request["service"] not in SERVICES:
        raise ServiceNotFound
    return str(request["service"])


def _without_service(request: Json) -> Json:
    return {name: value for name, value in request.items() if name != "service"}


async def _or_failure(call_of: Awaitable[Json]) -> Any:
    """The answer, or the failure of an unavailable service: the answers of the others are still useful."""
    try:
        return await call_of
    except (Unavailable, ServiceFailed) as failure:
        return failure
