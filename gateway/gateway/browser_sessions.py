"""Sessions of browsers: the refresh token is in a cookie that no script can read, the access token in the answer.

The cookie is sent to these routes only, and never from another site (SameSite=Strict), so a page elsewhere can
neither use a session nor end it. All other routes take the access token, which a page keeps in its memory.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway import bodies
from gateway.bodies import ANY
from gateway.route import PREFIX, Json, Raw
from shared.auth import TokenInvalid
from shared.contracts.users.views import TokenType

PATH = "/browser-sessions"
COOKIE = "jishi_refresh"
KEPT = 30 * 24 * 3600  # seconds: as long as a refresh token is valid
CREDENTIALS = {
    "type": "object",
    "properties": {"email": {"type": "string"}, "password": {"type": "string"}},
    "required": ["email", "password"],
}


@dataclass(frozen=True, kw_only=True)
class BrowserSession:
    """The access token of a browser's session; `expires_in` in seconds."""

    access_token: str
    token_type: TokenType
    expires_in: int


def _credentials(_request: Request, body: bytes) -> Json:
    given = bodies.parse(body)
    return {name: given[name] for name in CREDENTIALS["required"] if name in given}


def _from_cookie(request: Request, _body: bytes) -> Json:
    """The refresh token. Raises TokenInvalid if the browser has none."""
    if token := request.cookies.get(COOKIE):
        return {"refresh_token": token}
    raise TokenInvalid


def _begun(request: Request, tokens: Json) -> Response:
    shown = {name: tokens[name] for name in ("access_token", "token_type", "expires_in")}
    response = JSONResponse(shown, 201, {"Cache-Control": "no-store"})
    _set(response, request, tokens["refresh_token"], KEPT)
    return response


def _ended(request: Request, _document: Json) -> Response:
    response = Response(status_code=204)
    _set(response, request, "", 0)
    return response


def _set(response: Response, request: Request, token: str, seconds: int) -> None:
    is_secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
    response.set_cookie(
        COOKIE, token, max_age=seconds, path=PREFIX + PATH, secure=is_secure, httponly=True, samesite="strict"
    )


SIGN_IN = Raw(
    media_type="application/json",
    read=_credentials,
    fields=("email", "password"),
    documented=CREDENTIALS,
    answered=_begun,
)
REFRESH = Raw(media_type=ANY, read=_from_cookie, fields=("refresh_token",), documented=None, answered=_begun)
SIGN_OUT = Raw(media_type=ANY, read=lambda _request, _body: {}, documented=None, answered=_ended)
