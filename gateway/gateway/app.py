"""The gateway as an ASGI application: routes, middleware and background tasks."""

import asyncio
import ctypes
import signal
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route as Page
from starlette.types import ASGIApp

from gateway import openapi, problems
from gateway.admission import Admission
from gateway.broker import Link
from gateway.cached_pages import CachedPages
from gateway.changes import Changes
from gateway.config import Config
from gateway.finding import Directory
from gateway.idempotency import HEADER
from gateway.limits import Limiter
from gateway.memory import Memory
from gateway.observed import REQUEST_ID, Observed
from gateway.overview import Overviews
from gateway.pages import not_found, pages
from gateway.presence import Presence
from gateway.problems import Problem
from gateway.queue_depths import QueueDepths
from gateway.route import PREFIX, Route
from gateway.routes import ROUTES
from gateway.rpc import RpcClient
from gateway.serving import Gateway, Resource, RpcCalls
from gateway.wakeups import Wakeups
from gateway.web.site import Site
from shared import auth, health, observe, settings, spans
from shared.errors import Refusal

PR_SET_PDEATHSIG = 1  # prctl(2)


def create() -> ASGIApp:
    """The application with its settings from the environment; Granian calls this in its worker process."""
    observe.configure_logs("gateway", buffered=True)
    spans.configure("gateway")
    auth.read_public_key()
    presence = Presence({route.rpc_method.partition(".")[0] for route in ROUTES})
    rpc, wakeups, memory = RpcClient(presence), Wakeups(), Memory()
    config = Config.from_environment()
    depths = QueueDepths()
    link = Link(config.amqp_url, rpc, Changes(wakeups, memory), presence, depths)
    return build(config, rpc, wakeups, memory, link, depths=depths)


def build(
    config: Config,
    rpc: RpcCalls,
    wakeups: Wakeups,
    memory: Memory | None = None,
    link: Link | None = None,
    *,
    depths: QueueDepths | None = None,
) -> ASGIApp:
    """The application from the given parts; without a link nothing is connected, and nothing is cached."""
    memory = memory or Memory()
    limiter, admission = Limiter(config.redis_url), Admission(memory.payments.waiting)
    gateway = Gateway(config, rpc, limiter, wakeups, memory, admission, overviews=Overviews(depths))
    document = openapi.document(ROUTES)
    found = resources(gateway, ROUTES)
    site = Site(gateway, config.web_dir) if config.web_dir else None
    app = Starlette(
        routes=[
            *found,
            *pages(link, config.media_dir, site, document, gateway.count_file),
        ],
        exception_handlers=dict.fromkeys((Problem, Refusal, HTTPException, Exception), problems.answer),
        lifespan=lambda _: _running(gateway, link),
    )
    app.router.default = not_found(gateway.count_file, site)
    app.router.redirect_slashes = False  # the redirect would go to the host in the Host header
    return _for_other_origins(config, Observed(CachedPages(Directory(app, found), gateway)))


def resources(gateway: Gateway, routes: Sequence[Route]) -> list[Page]:
    """One resource for each path, with all its methods."""
    by_path: dict[str, list[Route]] = defaultdict(list)
    for route in routes:
        by_path[route.path].append(route)
    return [Page(PREFIX + path, Resource(gateway, methods)) for path, methods in by_path.items()]


@asynccontextmanager
async def _running(gateway: Gateway, link: Link | None) -> AsyncIterator[None]:
    if link is None:
        yield
        return
    _end_with_parent()
    _end_streams_on_signal(gateway.wakeups)
    checks = health.Health({health.BROKER: lambda: link.is_open})
    observed = health.serve(settings.whole("OBSERVE_PORT", 0), checks, shared=True)
    connected = asyncio.create_task(link.run())
    try:
        yield
    finally:
        observed.shutdown()
        connected.cancel()
        with suppress(asyncio.CancelledError):
            await connected
        await gateway.limiter.close()
        await asyncio.to_thread(spans.close)
        observe.end_logs()


def _end_streams_on_signal(wakeups: Wakeups) -> None:
    """End all streams at the first signal: an open stream would keep the server from stopping."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def stop(*received: Any, before: Any = before) -> None:
            loop.call_soon_threadsafe(wakeups.close)
            if callable(before):
                before(*received)

        signal.signal(number, stop)


def _end_with_parent() -> None:
    """End this worker when Granian's main process is killed, so that the port is freed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _for_other_origins(config: Config, app: ASGIApp) -> ASGIApp:
    """Outermost, so that other origins can read errors, too."""
    if not config.cors_origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=config.cors_origins,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", HEADER, REQUEST_ID, "If-Match"],
        expose_headers=[REQUEST_ID, "Retry-After", "ETag"],
    )
