"""Errors as RFC 9457 problem documents: a status, a stable `code`, and a text for the user.

`code` is for programs. `detail`, and `errors` by field, are for users, in the language that they prefer.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gateway import languages, messages
from gateway.languages import Language
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
# Codes whose status is more specific than that of their kind.
STATUS_BY_CODE = {"deadline_passed": 504, "product_unlisted": 410}
# Headers that a status requires.
HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "1"}, 504: {"Retry-After": "1"}}


class Problem(Exception):
    """An error response; `facts` become members of the document.

    Its text is in messages.toml; `detail` is a more specific English text for this case.
    """

    def __init__(
        self, status: int, code: str, detail: str = "", headers: Mapping[str, str] | None = None, **facts: Any
    ) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code, self.detail, self.facts = status, code, detail, facts
        self.headers = {**HEADERS.get(status, {}), **(headers or {})}

    def document(self, language: Language) -> dict[str, Any]:
        """The members of the problem document; facts do not replace the standard ones."""
        return {
            **self._facts(language),
            "type": f"urn:jishi:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": messages.detail(self.code, language, self.facts, self.detail),
        }

    def response(self, language: Language) -> Response:
        """The HTTP response."""
        body = json.dumps(self.document(language), ensure_ascii=False).encode()
        headers = {**self.headers, "Cache-Control": "no-store", "Content-Language": language.value}
        answered = Response(body, self.status, headers, MEDIA_TYPE)
        answered.headers.add_vary_header(languages.HEADER)
        return answered

    def _facts(self, language: Language) -> dict[str, Any]:
        if "errors" not in self.facts:
            return self.facts
        return {**self.facts, "errors": messages.field_errors(self.facts["errors"], language)}


def of_refusal(refusal: Refusal) -> Problem:
    """The problem document of a service's refusal."""
    status = STATUS_BY_CODE.get(refusal.code) or STATUS[Kind(refusal.kind)]
    wait = refusal.facts.get("retry_after")
    headers = {"Retry-After": str(wait)} if wait is not None else {}
    detail = "" if refusal.code in messages.texts() and not refusal.is_specific else refusal.detail
    problem = Problem(status, refusal.code, detail, headers)
    problem.facts = refusal.facts  # set afterwards: a fact may have the name of a parameter
    return problem


def of_http(error: HTTPException) -> Problem:
    """The problem for a refusal of the framework: no such page, method not allowed."""
    codes = {404: "path_not_found", 405: "method_not_allowed"}
    return Problem(error.status_code, codes.get(error.status_code, "request_refused"), headers=error.headers)


INTERNAL = Problem(500, "internal")


async def answer(request: Request, error: Exception) -> Response:
    """Starlette's handler for exceptions of endpoints."""
    return _problem(error).response(languages.preferred(request.headers))


def _problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refusal):
        return of_refusal(error)
    if isinstance(error, HTTPException):
        return of_http(error)
    return INTERNAL
