"""Views of sessions."""

from shared import auth, shapes
from shared.auth import Caller
from shared.contracts.users import views
from users.sessions.model import Session


def tokens(caller: Caller, refresh_token: str) -> views.Tokens:
    """A new access token for the caller, with the refresh token."""
    return views.Tokens(
        access_token=auth.sign(caller),
        token_type=views.TokenType.BEARER,
        expires_in=int(auth.LIFETIME.total_seconds()),
        refresh_token=refresh_token,
    )


def session(shown: Session, *, current: bool) -> views.Session:
    """A device that is signed in."""
    return views.Session(
        session_id=shown.session_id,
        device=shapes.load(views.Device, shown.device) if shown.device else None,
        started_at=shown.started_at,
        used_at=shown.used_at,
        current=current,
    )
