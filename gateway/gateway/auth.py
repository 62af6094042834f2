"""The caller, from the bearer token (RFC 6750); checked here first, and again by every service."""

from starlette.requests import Request

from gateway.headers import header
from shared import auth
from shared.auth import Caller, TokenInvalid
from shared.permissions import Permission


def token_of(request: Request) -> str | None:
    """The access token of the request, if any. Raises TokenInvalid."""
    sent = header(request.scope, b"authorization")
    if sent is None:
        return None
    scheme, _, token = sent.partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or not token.isascii():
        raise TokenInvalid("The Authorization header must be `Bearer <access token>`.")
    return token.strip()


def admit(token: str | None, permission: Permission) -> Caller:
    """The caller, if they have the permission. Raises TokenInvalid, Unauthenticated, Forbidden.

    An expired token is refused even where none is needed, so that the client refreshes it.
    """
    caller = auth.verify(token)
    caller.require_permission(permission)
    return caller
