"""A route of the API: a request of a service's contract under a path."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from gateway.admission import Step
from gateway.config import KIB
from gateway.limits import Limit
from shared import requests as contracts
from shared.auth import Caller
from shared.permissions import Permission

PREFIX = "/api/v1"
Json = dict[str, Any]
RequestType = type[contracts.Request]
BODILESS = ("GET", "DELETE")
PARAMETER = re.compile(r"{(\w+)(?::(\w+))?}")  # of a path


class Call(Protocol):
    """Calls a service on behalf of the caller, within the route's deadline."""

    async def __call__(self, method: str, request: Json, /) -> Any:
        """The answer; raises as RpcClient.call does."""


@dataclass(frozen=True, kw_only=True)
class Raw:
    """A body that is not JSON of the API: its media type, and `read`, which returns the fields named in `fields`.

    `documented` describes the body in the API document; None: it has none. `answered` makes the response from the
    service's answer where that is not JSON of the API either.
    """

    media_type: str
    read: Callable[[Request, bytes], Json]
    fields: tuple[str, ...] = ()
    documented: Mapping[str, Any] | None = field(default_factory=lambda: {"type": "string"})
    answered: Callable[[Request, Json], Response] | None = None


@dataclass(frozen=True, kw_only=True)
class Stream:
    """Server-sent events of a resource: the ids whose changes wake it, and when it is final."""

    wakes_on: Callable[[Json], set[str]]
    is_final: Callable[[Json], bool]


@dataclass(frozen=True, kw_only=True)
class Route:
    """A request of a service's contract under a path of the API.

    `rpc_method` is the service's method, `within` the deadline in seconds, `most` the body's limit in bytes.
    `compose` replaces the single call, and `joins` are its further methods. `gathers` does so with the
    gateway too, whose own state is part of the answer.
    `keyed`: needs an idempotency key.
    `versioned`: with an If-Match header it is refused unless that is still the version.
    `limits`: the buckets that a request is counted in.
    `taken`: fields that the gateway reads from the HTTP request itself, instead of its body or query.
    `step`: the step of a purchase that it is, if it may be refused early.
    `noted` is called with the gateway, the caller, the answer and its size, before it is sent.
    `name`: its operation in the API document, where several routes call one method.
    """

    method: str
    path: str
    request: type[contracts.Request]
    summary: str
    rpc_method: str
    answers: Any
    status: int
    keyed: bool
    versioned: bool = False
    raw: Raw | None = None
    within: float = 8
    most: int = 64 * KIB
    compose: Callable[[Call, Json], Awaitable[Json]] | None = None
    gathers: Callable[[Any, Call, Json], Awaitable[Json]] | None = None
    joins: tuple[str, ...] = ()
    stream: Stream | None = None
    taken: Mapping[str, Callable[[Request], Any]] = field(default_factory=dict)
    step: Step | None = None
    noted: Callable[[Any, Caller, Json, int], None] | None = None
    limits: tuple[Limit, ...] = (Limit.REQUESTS,)
    tag: str = ""
    name: str = ""

    @property
    def permission(self) -> Permission:
        """The permission that the caller needs."""
        return self.request.contract.permission

    @cached_property
    def is_page(self) -> bool:
        """Whether everybody gets the same answer, which is cached until an event says that it changed."""
        contract = self.request.contract
        plain = self.method == "GET" and not (self.compose or self.gathers or self.raw or self.stream)
        return plain and contract.cached is not None and contract.permission is Permission.PUBLIC

    @cached_property
    def in_body(self) -> tuple[str, ...]:
        """The fields of the request in the body: those that are neither in the path nor in a header."""
        return () if self.raw or self.method in BODILESS else self._elsewhere()

    @cached_property
    def in_query(self) -> tuple[str, ...]:
        """The fields of the request in the query."""
        if not (self.raw or self.method in BODILESS):
            return ()
        return tuple(name for name in self._elsewhere() if not (self.raw and name in self.raw.fields))

    def _elsewhere(self) -> tuple[str, ...]:
        given = {name for name, _ in PARAMETER.findall(self.path)}
        given |= (
            self.taken.keys()
            | ({"version"} if self.versioned else set())
            | ({"idempotency_key"} if self.keyed else set())
        )
        return tuple(spec.name for spec in fields(self.request) if spec.name not in given)


def get(path: str, request: RequestType, summary: str, /, **more: Any) -> Route:
    """A query."""
    return _route("GET", path, request, summary, **more)


def post(path: str, request: RequestType, summary: str, /, **more: Any) -> Route:
    """A change."""
    return _route("POST", path, request, summary, **more)


def create(path: str, request: RequestType, summary: str, /, **more: Any) -> Route:
    """A creation, executed once per idempotency key."""
    return post(path, request, summary, **{"keyed": True, "status": 201, **more})


def put(path: str, request: RequestType, summary: str, /, **more: Any) -> Route:
    """A change that may be repeated (idempotent)."""
    return _route("PUT", path, request, summary, **more)


def patch(path: str, request: RequestType, summary: str, /, **more: Any) -> Route:
    """A change of some fields."""
    return _route("PATCH", path, request, summary, **more)


def delete(path: str, request: RequestType, summary: str, /, **more: Any) -> Route:
    """A removal."""
    return _route("DELETE", path, request, summary, **more)


def _route(method: str, path: str, request: RequestType, summary: str, /, **more: Any) -> Route:
    """A route with the defaults of the request's contract."""
    contract = request.contract
    known = {
        "rpc_method": contract.method,
        "answers": contract.answer,
        "status": 200 if contract.answer else 204,
        "keyed": contract.keyed,
    }
    return Route(method=method, path=path, request=request, summary=summary, **{**known, **more})


def tagged(tag: str, *routes: Route, **more: Any) -> list[Route]:
    """Routes of one chapter of the API document, with their common settings."""
    return [replace(route, tag=tag, **more) for route in routes]
