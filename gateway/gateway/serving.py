"""One request from its headers to its response: authenticate, count, read, call, answer."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway import auth, languages, requests, sku_cards, streaming
from gateway.admission import Admission
from gateway.cache import IN_MEMORY, AnswerCache
from gateway.cached_pages import Page, PageResponse, address_in
from gateway.config import Config
from gateway.limits import ALL_SENDERS, Limit, Limiter, address_of
from gateway.memory import Memory
from gateway.overview import Overviews
from gateway.payments import Known
from gateway.problems import Problem
from gateway.route import Call, Json, Route
from gateway.spraying import SprayWatch
from gateway.streaming import Watched
from gateway.wakeups import Wakeups
from shared import message_encoding
from shared.auth import ANONYMOUS, Caller, verify
from shared.contracts.payments.requests import GetPayment
from shared.errors import Kind, Refusal, Unauthenticated
from shared.permissions import Permission
from shared.requests import Contract, request_types

in_order = json.JSONEncoder(sort_keys=True).encode


class RpcCalls(Protocol):
    """Makes calls to services: the RPC client, or a test double."""

    async def call(self, method: str, request: Json, *, token: str | None, within: float) -> Any:
        """The result of the call."""


@dataclass(frozen=True)
class Gateway:
    """The parts that serve requests."""

    config: Config
    rpc: RpcCalls
    limiter: Limiter
    wakeups: Wakeups
    memory: Memory = field(default_factory=Memory)
    admission: Admission = field(default_factory=Admission)
    sprays: SprayWatch = field(default_factory=SprayWatch)
    overviews: Overviews = field(default_factory=Overviews)

    @property
    def cache(self) -> AnswerCache:
        """The cached answers."""
        return self.memory.answers

    async def admit(self, route: Route, request: Request) -> tuple[str | None, Caller]:
        """The token and its caller; counted before either is refused. Raises Unauthenticated, Forbidden, 429."""
        token, caller = await self._counted(request, *route.limits)
        caller.require_permission(route.permission)
        return token, caller

    async def admit_reader(self, request: Request) -> Caller:
        """The caller of a page, which everybody may read: counted. Raises Unauthenticated, 429."""
        _, caller = await self._counted(request, Limit.REQUESTS)
        return caller

    async def _counted(self, request: Request, *limits: Limit) -> tuple[str | None, Caller]:
        token, caller, refused = None, ANONYMOUS, None
        try:
            token = auth.token_of(request)
            caller = verify(token)
        except Unauthenticated as refusal:
            refused = refusal
        await self.count(request, caller, *limits)
        if refused:
            raise refused
        return token, caller

    async def count(self, request: Request, caller: Caller, *limits: Limit) -> None:
        """Count the request against the account or, without one, the network address. Raises 429."""
        address = address_of(request, self.config.trusted_proxies)
        account = str(caller.user_id) if caller.user_id else address
        senders = {Limit.REQUESTS: account, Limit.ALL_GUEST_CARTS: ALL_SENDERS}
        for limit in limits:
            await self.limiter.take(self.config.bucket(limit), senders.get(limit, address))

    async def count_file(self, request: Request) -> None:
        """Count a request that needs no service. Raises 429."""
        await self.count(request, ANONYMOUS, Limit.FILES)

    def drop_cached(self, route: Route, request: Request) -> None:
        """Drop what a change through this process outdates: whoever sent it reads the new state at once."""
        service = route.rpc_method.partition(".")[0]
        self.cache.drop([every(service), *(f"{service} {value}" for value in request.path_params.values())])

    def note_refusal(self, route: Route, request: Request, requested: Json, refusal: Refusal) -> None:
        """Record a refused sign-in, to detect password spraying."""
        account = requested.get("email")
        if account and Limit.SIGN_IN in route.limits and refusal.kind in (Kind.UNAUTHENTICATED, Kind.TOO_MANY):
            self.sprays.failed(address_of(request, self.config.trusted_proxies), str(account))

    def rpc_client(self, route: Route, token: str | None, caller: Caller) -> Call:
        """Makes calls with this token, within the route's deadline, unless the caller's answer is cached."""
        call = partial(self.rpc.call, token=token, within=route.within)

        async def cached_or_called(method: str, request: Json, /) -> Any:
            if method == sku_cards.METHOD:
                return await self.memory.cards.get(call, request)
            contract = cached_contracts().get(method)
            if contract is None:
                return await call(method, request)
            if method == GetPayment.contract.method and (known := self._new_payment(caller, request)):
                return known.shown()
            key = key_of(caller, method, request)
            return await self.cache.get(key, partial(_with_ids, contract, call, method, request))

        return cached_or_called

    def _new_payment(self, caller: Caller, request: Json) -> Known | None:
        return self.memory.payments.find(request.get("checkout_id", ""), caller.user_id)


class Resource:
    """All methods of one path, as an ASGI application."""

    def __init__(self, gateway: Gateway, routes: Sequence[Route]) -> None:
        self._gateway = gateway
        self._routes = {route.method: route for route in routes}
        self._path = routes[0].path
        head = ["HEAD"] if "GET" in self._routes else []
        self._allow = ", ".join(sorted([*self._routes, *head, "OPTIONS"]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["jishi.path"] = self._path
        request = Request(scope, receive)
        response = await self._respond(request)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": self._allow})
        route = self._routes.get("GET" if request.method == "HEAD" else request.method)
        if route is None:
            await self._gateway.count(request, ANONYMOUS, Limit.REQUESTS)
            raise Problem(405, "method_not_allowed", headers={"Allow": self._allow})
        return await serve(self._gateway, route, request)


async def serve(gateway: Gateway, route: Route, request: Request) -> Response:
    """The answer to an admitted, readable request."""
    token, caller = await gateway.admit(route, request)
    request.scope["jishi.caller"] = caller
    with gateway.admission.step(route.step):
        return await _served(gateway, route, request, token, caller)


async def _served(gateway: Gateway, route: Route, request: Request, token: str | None, caller: Caller) -> Response:
    requested = await requests.read(route, request)
    call = gateway.rpc_client(route, token, caller)
    if route.is_page:
        return await _page(gateway, route, request, partial(call, route.rpc_method, requested))
    read = _reading(gateway, route, call, requested)
    if route.stream and request.method == "GET":
        check = partial(auth.admit, token, route.permission)
        language = languages.preferred(request.headers)
        watched = Watched(route.stream, str(caller.user_id), str(caller.session_id), read, check, language)
        return await streaming.respond(gateway.wakeups, gateway.config, watched)
    try:
        document = await read()
        response = answer(route, request, document)
    except Refusal as refusal:
        gateway.note_refusal(route, request, requested, refusal)
        raise
    if request.method not in ("GET", "HEAD"):
        gateway.drop_cached(route, request)
    if route.noted:
        route.noted(gateway, caller, document, len(response.body))
    return response


def _reading(gateway: Gateway, route: Route, call: Call, requested: Json) -> Callable[[], Awaitable[Any]]:
    """Reads the answer: by one call, or composed of several, or of those and the gateway's own state."""
    if route.gathers:
        return partial(route.gathers, gateway, call, requested)
    if route.compose:
        return partial(route.compose, call, requested)
    return partial(call, route.rpc_method, requested)


async def _page(gateway: Gateway, route: Route, request: Request, read: Callable[[], Awaitable[Any]]) -> Response:
    """The page at this address; cached, unless parameters that are ignored make the address one of many."""

    async def built() -> tuple[Page, frozenset[str], int]:
        document = await read()
        page = Page(_json(document), route.path)
        return page, ids_in(route.request.contract, document), len(page.body)

    if set(request.query_params) - set(route.in_query):
        page, *_ = await built()
    else:
        page = await gateway.cache.get(address_in(request.scope), built, page=True)
    return PageResponse(page, request.headers.get("if-none-match"))


@cache
def cached_contracts() -> dict[str, Contract]:
    """The requests of one caller whose answers are cached; those of everybody are pages (`gateway.cached_pages`).

    Determined at the first request, when all contracts are imported.
    """
    return {
        request.contract.method: request.contract
        for request in request_types()
        if request.contract.cached and request.contract.permission is not Permission.PUBLIC
    }


def key_of(caller: Caller, method: str, request: Json) -> tuple[Any, ...]:
    """The key of an answer to this caller."""
    return caller.user_id, method, in_order(request)


async def _with_ids(
    contract: Contract, call: Callable[..., Awaitable[Any]], *request: Any
) -> tuple[Any, frozenset[str], int]:
    document = await call(*request)
    return document, ids_in(contract, document), IN_MEMORY * len(_json(document))


def ids_in(contract: Contract, document: Any) -> frozenset[str]:
    """What makes this answer outdated; lists are also outdated by any change through this process."""
    assert contract.cached
    service = contract.method.partition(".")[0]
    return contract.cached.ids_in(service, document) | ({every(service)} if contract.cached.on else frozenset())


def every(service: str) -> str:
    """Stands for any change of a service."""
    return f"{service} *"


def _json(document: Any) -> bytes:
    return message_encoding.encode(document)


def answer(route: Route, request: Request, document: Any) -> Response:
    """The service's answer as JSON, or an empty response where the route has none."""
    if route.raw and route.raw.answered:
        return route.raw.answered(request, document)
    if route.status == 204:
        return Response(status_code=204)
    headers = {"Cache-Control": "no-store"}
    if "version" in document:
        headers["ETag"] = f'"{document["version"]}"'
    return Response(_json(document), route.status, headers, "application/json")
