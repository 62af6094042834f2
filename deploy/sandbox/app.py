"""The ASGI application: the provider's routes, the controls, two pages, health and metrics."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import controls, mailbox, page, wire
from sandbox.parts import parts_of, set_up
from sandbox.settings import Settings


def create(settings: Settings) -> Starlette:
    """Return a sandbox that runs during the application's lifespan."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.parts = parts = set_up(settings)
        app.state.notifier = asyncio.create_task(parts.notifier.run(parts.provider))
        async with mailbox.accepting_mail(parts.mailbox, settings.host, settings.mail_port):
            yield
        app.state.notifier.cancel()
        await parts.notifier.close()
        parts.store.close()
        parts.mailbox.close()

    own = [
        Route("/", page.show),
        Route("/mails", page.show_mails),
        Route("/health/live", _live),
        Route("/health/ready", _ready),
        Route("/metrics", _metrics),
    ]
    return Starlette(routes=[*own, *wire.routes, *controls.routes], lifespan=lifespan)


async def _live(_request: Request) -> Response:
    return JSONResponse({"status": "alive"})


async def _ready(request: Request) -> Response:
    """Ready while the store answers and the notifier runs."""
    parts_of(request).store.next_due()
    working = not request.app.state.notifier.done()
    failing = [] if working else ["notifier"]
    return JSONResponse({"status": "ready" if working else "unready", "failing": failing}, 200 if working else 503)


async def _metrics(_request: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
