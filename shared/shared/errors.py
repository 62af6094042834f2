"""Refusals: the exceptions by which a service refuses a request, each with a stable code.

The gateway translates the kind into an HTTP status (gateway/problems.py).
"""

from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Why a request was refused; the value travels over RPC."""

    INVALID = "invalid"  # 422: the request itself is wrong
    UNAUTHENTICATED = "unauthenticated"  # 401
    FORBIDDEN = "forbidden"  # 403
    NOT_FOUND = "not_found"  # 404
    CONFLICT = "conflict"  # 409: not possible in the current state
    TOO_LARGE = "too_large"  # 413
    TOO_MANY = "too_many"  # 429
    UNAVAILABLE = "unavailable"  # 503: the deadline passed or a service is down; try again


class Refusal(Exception):
    """Base class of refusals; raise a subclass with a `code` of its own.

    `is_specific`: the detail was given by the raiser; otherwise it is the class's docstring.
    """

    kind = Kind.INVALID
    code = "invalid"

    def __init__(self, detail: str = "", *, code: str | None = None, **facts: Any) -> None:
        super().__init__(detail or (self.__doc__ or "").strip())
        self.code = code or self.code
        self.facts = facts
        self.is_specific = bool(detail)

    @property
    def detail(self) -> str:
        return str(self.args[0])


class Invalid(Refusal):
    """The request is invalid. `errors` maps field paths to what is wrong with them."""


class Unauthenticated(Refusal):
    """Sign in first."""

    kind, code = Kind.UNAUTHENTICATED, "unauthenticated"


class Forbidden(Refusal):
    """This account does not have the permission."""

    kind, code = Kind.FORBIDDEN, "forbidden"


class NotFound(Refusal):
    """The resource does not exist."""

    kind, code = Kind.NOT_FOUND, "not_found"


class Conflict(Refusal):
    """Not possible in the current state."""

    kind, code = Kind.CONFLICT, "conflict"


class Unavailable(Refusal):
    """The service is unavailable; try again."""

    kind, code = Kind.UNAVAILABLE, "unavailable"
