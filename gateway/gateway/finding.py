"""Finds the resource of an API path at once, instead of trying all routes one after another."""

from collections import defaultdict
from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import problems
from gateway.problems import Problem
from shared.errors import Refusal

NAME = 3  # the segment of a path after /api/v1
ANSWERED = (Problem, Refusal, HTTPException)  # exceptions that are answers


class Directory:
    """Middleware: sends requests to the resources of these routes; all others are passed on."""

    def __init__(self, app: ASGIApp, routes: Sequence[Route]) -> None:
        self._app = app
        self._routes: dict[tuple[int, str], list[Route]] = defaultdict(list)
        for route in routes:
            self._routes[_place(route.path)].append(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._find(scope) if scope["type"] == "http" else None
        if route:
            await _answer(route.app, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _find(self, scope: Scope) -> Route | None:
        for route in self._routes.get(_place(scope["path"]), ()):
            match, found = route.matches(scope)
            if match is Match.FULL:
                scope.update(found)
                return route
        return None


async def _answer(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """The resource's answer, or the problem that it raises. Any other failure is raised again after its answer."""
    begun = False

    async def sending(message: Message) -> None:
        nonlocal begun
        begun = True
        await send(message)

    try:
        await app(scope, receive, sending)
    except Exception as failure:
        if not begun:
            response = await problems.answer(Request(scope), failure)
            await response(scope, receive, send)
        if begun or not isinstance(failure, ANSWERED):
            raise


def _place(path: str) -> tuple[int, str]:
    """What a path and its route have in common: the number of segments, and the name after /api/v1."""
    segments = path.split("/")
    return len(segments), segments[NAME] if len(segments) > NAME else ""
