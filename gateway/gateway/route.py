"""What a route of the API is: one line of data that says which service is asked, by whom, with what."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from starlette.requests import Request

from gateway.config import KIB
from gateway.limits import Limit
from shared import requests as contracts
from shared.permissions import Role

PREFIX = "/api/v1"
Json = dict[str, Any]
Asked = str | type[contracts.Request]
BODILESS = ("GET", "DELETE")
EVERYONE = (Role.ANYONE,)
SHOPPER = (Role.SHOPPER,)
MERCHANT = (Role.MERCHANT, Role.OPERATOR)
OPERATOR = (Role.OPERATOR,)


class Ask(Protocol):
    """Asks a service on behalf of whoever sent the request, within the route's deadline."""

    async def __call__(self, method: str, request: Json, /) -> Any:
        """The answer; raises as RpcClient.ask does."""


@dataclass(frozen=True, kw_only=True)
class Raw:
    """A body that is no JSON of ours: its media type, and what is made of it, fields that `gives` names.

    `documented` is how the body is described in the API document.
    """

    media_type: str
    given: Callable[[Request, bytes], Json]
    gives: tuple[str, ...] = ()
    documented: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True, kw_only=True)
class Stream:
    """Server-sent events of something that changes: which ids wake it, and when it is over."""

    wakes_on: Callable[[Json], set[str]]
    is_final: Callable[[Json], bool]


@dataclass(frozen=True, kw_only=True)
class Route:
    """`asks` is the service's method, `request` its contract.

    `within` is the deadline in seconds, `most` the body's limit in bytes.

    `compose` asks in its own way, and names in `joins` whom else. `keyed`: needs an idempotency key.
    `versioned`: with an If-Match header it is refused unless that is the version still.
    `limits`: what a request is counted against.
    """

    method: str
    path: str
    asks: str
    summary: str
    request: type[contracts.Request] | None = None
    who: tuple[Role, ...] = EVERYONE
    query: type | None = None
    body: type | None = None
    raw: Raw | None = None
    answers: type | None = None
    status: int = 200
    keyed: bool = False
    versioned: bool = False
    within: float = 8
    most: int = 64 * KIB
    compose: Callable[[Ask, Json], Awaitable[Json]] | None = None
    joins: tuple[str, ...] = ()
    stream: Stream | None = None
    limits: tuple[Limit, ...] = (Limit.REQUESTS,)
    tag: str = ""


def get(path: str, asks: Asked, summary: str, **more: Any) -> Route:
    """A question."""
    return _route("GET", path, asks, summary, **more)


def post(path: str, asks: Asked, summary: str, **more: Any) -> Route:
    """A change."""
    return _route("POST", path, asks, summary, **more)


def create(path: str, asks: Asked, summary: str, **more: Any) -> Route:
    """A change that makes something: repeated with the same key, it is made once."""
    return post(path, asks, summary, **{"keyed": True, "status": 201, **more})


def put(path: str, asks: Asked, summary: str, **more: Any) -> Route:
    """A change that may be repeated."""
    return _route("PUT", path, asks, summary, **more)


def patch(path: str, asks: Asked, summary: str, **more: Any) -> Route:
    """A change of some fields."""
    return _route("PATCH", path, asks, summary, **more)


def delete(path: str, asks: Asked, summary: str, **more: Any) -> Route:
    """A removal."""
    return _route("DELETE", path, asks, summary, **more)


def _route(method: str, path: str, asks: Asked, summary: str, **more: Any) -> Route:
    """What the contract of the request says counts, unless the route says otherwise."""
    if isinstance(asks, str):
        status = {"status": 204} if method == "DELETE" else {}
        return Route(method=method, path=path, asks=asks, summary=summary, **{**status, **more})
    contract = asks.contract
    known = {
        "asks": contract.method,
        "request": asks,
        "who": tuple(sorted(contract.allowed)),
        "keyed": contract.keyed,
        "answers": contract.answer,
        "status": 200 if contract.answer else 204,
    }
    return Route(method=method, path=path, summary=summary, **{**known, **more})


def tagged(tag: str, *routes: Route, **more: Any) -> list[Route]:
    """Routes of one chapter of the API document, with what they have in common."""
    return [replace(route, tag=tag, **more) for route in routes]
