"""Views of sessions."""

from shared import auth
from shared.auth import Caller
from shared.contracts.users import views


def tokens(caller: Caller, refresh_token: str) -> views.Tokens:
    """A new access token for the caller, with the refresh token."""
    return views.Tokens(
        access_token=auth.sign(caller),
        token_type=views.TokenType.BEARER,
        expires_in=int(auth.LIFETIME.total_seconds()),
        refresh_token=refresh_token,
    )
