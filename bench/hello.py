"""An empty Starlette route: what the gateway's own server can do at most on this machine."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.__main__ import main


async def _hello(_request: Request) -> Response:
    return Response()


def create() -> Starlette:
    return Starlette(routes=[Route("/", _hello)])


if __name__ == "__main__":
    main("bench.hello:create")
