"""One request from its headers to its response: authenticate, count, read, call, answer."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway import auth, languages, requests, streaming
from gateway.config import Config
from gateway.limits import ALL_SENDERS, Limit, Limiter, address_of
from gateway.problems import Problem
from gateway.route import Call, Json, Route
from gateway.spraying import SprayWatch
from gateway.streaming import Watched
from gateway.wakeups import Wakeups
from shared.auth import ANONYMOUS, Caller, verify
from shared.errors import Kind, Refusal, Unauthenticated


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
    sprays: SprayWatch = field(default_factory=SprayWatch)

    async def admit(self, route: Route, request: Request) -> tuple[str | None, Caller]:
        """The token and its caller; counted before either is refused. Raises Unauthenticated, Forbidden, 429."""
        token, caller, refused = None, ANONYMOUS, None
        try:
            token = auth.token_of(request)
            caller = verify(token)
        except Unauthenticated as refusal:
            refused = refusal
        await self.count(request, caller, *route.limits)
        if refused:
            raise refused
        caller.require_permission(route.permission)
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

    def note_refusal(self, route: Route, request: Request, requested: Json, refusal: Refusal) -> None:
        """Record a refused sign-in, to detect password spraying."""
        account = requested.get("email")
        if account and Limit.SIGN_IN in route.limits and refusal.kind in (Kind.UNAUTHENTICATED, Kind.TOO_MANY):
            self.sprays.failed(address_of(request, self.config.trusted_proxies), str(account))

    def rpc_client(self, route: Route, token: str | None) -> Call:
        """Makes calls with this token, within the route's deadline."""
        return partial(self.rpc.call, token=token, within=route.within)


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
    requested = await requests.read(route, request)
    call = gateway.rpc_client(route, token)
    read = partial(route.compose, call, requested) if route.compose else partial(call, route.rpc_method, requested)
    if route.stream and request.method == "GET":
        check = partial(auth.admit, token, route.permission)
        language = languages.preferred(request.headers)
        watched = Watched(route.stream, str(caller.user_id), str(caller.session_id), read, check, language)
        return await streaming.respond(gateway.wakeups, gateway.config, watched)
    try:
        return answer(route, await read())
    except Refusal as refusal:
        gateway.note_refusal(route, request, requested, refusal)
        raise


def answer(route: Route, document: Any) -> Response:
    """The service's answer as JSON, or an empty response where the route has none."""
    if route.status == 204:
        return Response(status_code=204)
    if route.raw and route.raw.answered:
        return route.raw.answered(document)
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Cache-Control": "no-store"}
    if "version" in document:
        headers["ETag"] = f'"{document["version"]}"'
    return Response(body, route.status, headers, "application/json")
