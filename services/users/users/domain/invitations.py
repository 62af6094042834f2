"""An invitation to own a shop: a one-time link, of which only the SHA-256 of its token is kept.

Whoever brings the token is the invited person, with whichever account they sign in. An account that somebody
opened under the invited address gives no right to the shop: nobody proves that an address is theirs.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.errors import Conflict, NotFound

LIFETIME = timedelta(days=7)


class InvitationNotFound(NotFound):
    """There is no such invitation."""

    code = "invitation_not_found"


class InvitationExpired(Conflict):
    """The invitation has expired; ask the operator for a new one."""

    code = "invitation_expired"


class InvitationRevoked(Conflict):
    """The invitation was revoked or replaced by a newer one."""

    code = "invitation_revoked"


class InvitationAccepted(Conflict):
    """The invitation was accepted by another account."""

    code = "invitation_accepted"


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """An offer to own `shop_id`, made to the person at `email`."""

    invitation_id: UUID
    shop_id: UUID
    email: str
    token_digest: bytes
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None
    accepted_by: UUID | None = None
    revoked_at: datetime | None = None

    def check_open(self, now: datetime) -> None:
        """Raise InvitationAccepted, InvitationRevoked or InvitationExpired unless it can be accepted."""
        if self.accepted_at:
            raise InvitationAccepted
        if self.revoked_at:
            raise InvitationRevoked
        if now >= self.expires_at:
            raise InvitationExpired


def new_token() -> str:
    """A token of 256 random bits in base64url."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()
