"""Errors as RFC 9457 problem documents: a status, a stable `code`, and what a person can do about it."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shared.errors import Kind, Refusal

MEDIA_TYPE = "application/problem+json"

STATUS = {
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_LARGE: 413,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}
# Codes whose status says more than their kind's.
STATUS_BY_CODE = {"deadline_passed": 504}
# Headers that a status cannot do without.
HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "1"}, 504: {"Retry-After": "1"}}


class Problem(Exception):
    """What the gateway itself answers instead of a result; `facts` become members of the document."""

    def __init__(
        self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, **facts: Any
    ) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code, self.detail, self.facts = status, code, detail, facts
        self.headers = {**HEADERS.get(status, {}), **(headers or {})}

    def document(self) -> dict[str, Any]:
        """The members of the problem document; a fact never hides one of the standard's own."""
        return {
            **self.facts,
            "type": f"urn:jishi:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }

    def response(self) -> Response:
        """The HTTP answer."""
        body = json.dumps(self.document(), ensure_ascii=False).encode()
        return Response(body, self.status, {**self.headers, "Cache-Control": "no-store"}, MEDIA_TYPE)


def of_refusal(refusal: Refusal) -> Problem:
    """The problem that a service's refusal is for an HTTP client."""
    status = STATUS_BY_CODE.get(refusal.code) or STATUS[Kind(refusal.kind)]
    wait = refusal.facts.get("retry_after")
    headers = {"Retry-After": str(wait)} if wait is not None else {}
    problem = Problem(status, refusal.code, refusal.detail, headers)
    problem.facts = refusal.facts  # which may be called like a parameter
    return problem


def of_http(error: HTTPException) -> Problem:
    """The problem for what the framework refuses: no such page, method not allowed."""
    codes = {404: ("unknown_path", "There is nothing at this path."), 405: METHOD_NOT_ALLOWED}
    code, detail = codes.get(error.status_code, ("http_error", error.detail))
    return Problem(error.status_code, code, detail, error.headers)


METHOD_NOT_ALLOWED = ("method_not_allowed", "This path does not know the method.")
INTERNAL = Problem(500, "internal", "Something went wrong on our side; it is logged under the request's id.")


async def answer(_request: Request, error: Exception) -> Response:
    """Starlette's handler for whatever an endpoint raised."""
    if isinstance(error, Problem):
        return error.response()
    if isinstance(error, Refusal):
        return of_refusal(error).response()
    if isinstance(error, HTTPException):
        return of_http(error).response()
    return INTERNAL.response()
