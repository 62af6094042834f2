"""What a service answers when it will not do what it was asked: a refusal with a stable code.

The kind says whose move it is next, and the gateway turns it into an HTTP status (gateway/problems.py).
"""

from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Why a request was refused; the value travels over RPC."""

    INVALID = "invalid"  # 422: the request itself is wrong
    UNAUTHENTICATED = "unauthenticated"  # 401
    FORBIDDEN = "forbidden"  # 403
    NOT_FOUND = "not_found"  # 404
    CONFLICT = "conflict"  # 409: right request, wrong moment
    TOO_LARGE = "too_large"  # 413
    TOO_MANY = "too_many"  # 429
    UNAVAILABLE = "unavailable"  # 503: the deadline passed or a part is down; ask again


class Refusal(Exception):
    """Refused with a stable `code`; raise a subclass that names the case.

    `is_specific`: the detail was written for this case, and says more than the class's docstring.
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
    """The request is not understood. `errors` maps a field's path to what is wrong with it."""


class Unauthenticated(Refusal):
    """Sign in first."""

    kind, code = Kind.UNAUTHENTICATED, "unauthenticated"


class Forbidden(Refusal):
    """This account may not do that."""

    kind, code = Kind.FORBIDDEN, "forbidden"


class NotFound(Refusal):
    """There is no such thing."""

    kind, code = Kind.NOT_FOUND, "not_found"


class Conflict(Refusal):
    """That cannot be done now."""

    kind, code = Kind.CONFLICT, "conflict"


class Unavailable(Refusal):
    """No answer in time; ask again."""

    kind, code = Kind.UNAVAILABLE, "unavailable"
