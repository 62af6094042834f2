"""What a route of the API is: one line of data that says which service is asked, by whom, with what."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from starlette.requests import Request

from gateway.config import KIB
from gateway.limits import Limit
from shared.auth import Role

PREFIX = "/api/v1"
Json = dict[str, Any]
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
    """A body that is no JSON of ours: its media type, and what the service is given of it.

    `documented` is how the body is described in the API document.
    """

    media_type: str
    given: Callable[[Request, bytes], Json]
    documented: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True, kw_only=True)
class Stream:
    """Server-sent events of something that changes: which ids wake it, and when it is over."""

    wakes_on: Callable[[Json], set[str]]
    is_final: Callable[[Json], bool]


@dataclass(frozen=True, kw_only=True)
class Route:
    """`asks` is the service's method. `within` is the deadline in seconds, `most` the body's limit in bytes.

    `compose` asks in its own way, and names in `joins` whom else. `keyed`: needs an idempotency key.
    `versioned`: with an If-Match header it is refused unless that is the version still.
    `limits`: what a request is counted against.
    """

    method: str
    path: str
    asks: str
    summary: str
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


def get(path: str, asks: str, summary: str, **more: Any) -> Route:
    """A question."""
    return Route(method="GET", path=path, asks=asks, summary=summary, **more)


def post(path: str, asks: str, summary: str, **more: Any) -> Route:
    """A change."""
    return Route(method="POST", path=path, asks=asks, summary=summary, **more)


def create(path: str, asks: str, summary: str, **more: Any) -> Route:
    """A change that makes something: repeated with the same key, it is made once."""
    return post(path, asks, summary, **{"keyed": True, "status": 201, **more})


def put(path: str, asks: str, summary: str, **more: Any) -> Route:
    """A change that may be repeated."""
    return Route(method="PUT", path=path, asks=asks, summary=summary, **more)


def patch(path: str, asks: str, summary: str, **more: Any) -> Route:
    """A change of some fields."""
    return Route(method="PATCH", path=path, asks=asks, summary=summary, **more)


def delete(path: str, asks: str, summary: str, **more: Any) -> Route:
    """A removal."""
    return Route(method="DELETE", path=path, asks=asks, summary=summary, **{"status": 204, **more})


def tagged(tag: str, *routes: Route, **more: Any) -> list[Route]:
    """Routes of one chapter of the API document, with what they have in common."""
    return [replace(route, tag=tag, **more) for route in routes]
