"""Who asks: the bearer token (RFC 6750), checked here first and by every service again."""

from starlette.requests import Request

from shared import auth
from shared.auth import Caller
from shared.errors import Unauthenticated
from shared.permissions import Role


class BadScheme(Unauthenticated):
    """The Authorization header reads `Bearer <access token>`."""

    code = "bad_token"


def token_of(request: Request) -> str | None:
    """The access token that came with the request, if any. Raises BadScheme."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or not token.isascii():
        raise BadScheme
    return token.strip()


def admit(token: str | None, allowed: tuple[Role, ...]) -> Caller:
    """The caller, if one of the roles is theirs. Raises BadToken, Unauthenticated, Forbidden.

    Where anyone may ask, a token that has expired is still refused: its holder should know.
    """
    caller = auth.verify(token)
    caller.require(*allowed)
    return caller
