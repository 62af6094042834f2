"""Shops, their members and states, and the invitations to own them.

An invitation is a one-time link; only the SHA-256 of its token is stored. The token alone gives the right to the
shop, whatever account it is used with. An account with the invited address does not: addresses are not verified.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Invalid, NotFound

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LIFETIME = timedelta(days=7)


class ShopState(StrEnum):
    """The state of a shop; only an approved one may sell. `invited`: it has no owner yet.

    A suspended shop still fulfils the orders it has.
    """

    INVITED = "invited"
    APPROVED = "approved"
    SUSPENDED = "suspended"


class Duty(StrEnum):
    """The duty of a member of a shop."""

    OWNER = "owner"
    STAFF = "staff"


TRANSITIONS: dict[ShopState, frozenset[ShopState]] = {
    ShopState.INVITED: frozenset({ShopState.APPROVED}),
    ShopState.APPROVED: frozenset({ShopState.SUSPENDED}),
    ShopState.SUSPENDED: frozenset({ShopState.APPROVED}),
}


class ShopNotFound(NotFound):
    """There is no such shop."""

    code = "shop_not_found"


class SlugInvalid(Invalid):
    """A slug consists of lower-case letters, digits and single hyphens."""

    code = "slug_invalid"


class SlugTaken(Conflict):
    """Another shop has this slug."""

    code = "slug_taken"


class TransitionNotAllowed(Conflict):
    """The present state of the shop does not allow this transition."""

    code = "transition_not_allowed"


class ShopSuspended(Conflict):
    """The shop is suspended; its profile cannot be changed."""

    code = "shop_suspended"


class VersionOutdated(Conflict):
    """The shop has changed since the version the request was based on."""

    code = "version_outdated"


class InvitationNotFound(NotFound):
    """There is no such invitation."""

    code = "invitation_not_found"


class InvitationExpired(Conflict):
    """The invitation has expired; request a new one from an operator."""

    code = "invitation_expired"


class InvitationRevoked(Conflict):
    """The invitation was revoked or replaced by a newer one."""

    code = "invitation_revoked"


class InvitationAccepted(Conflict):
    """The invitation was accepted by another account."""

    code = "invitation_accepted"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a shop says of itself. Only the name is never empty."""

    name: str
    name_en: str
    description_zh: str
    description_en: str


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A shop; `version` grows with every published change."""

    shop_id: UUID
    slug: str
    name: str
    owner_id: UUID | None
    state: ShopState
    version: int
    opened_at: datetime
    name_en: str = ""
    description_zh: str = ""
    description_en: str = ""

    def described(self, profile: Profile, since: int | None) -> "Shop":
        """The shop with this profile; the same object if it has it already.

        Raises VersionOutdated if it has changed since the version `since`, ShopSuspended.
        """
        if since is not None and since != self.version:
            raise VersionOutdated(version=self.version)
        if self.state is ShopState.SUSPENDED:
            raise ShopSuspended
        changed = replace(self, **vars(profile))
        return self if changed == self else replace(changed, version=self.version + 1)

    def move(self, wanted: ShopState) -> "Shop":
        """The shop in the wanted state; the same object if it is in it already. Raises TransitionNotAllowed."""
        if wanted is self.state:
            return self
        if wanted not in TRANSITIONS[self.state]:
            raise TransitionNotAllowed(state=self.state)
        return replace(self, state=wanted, version=self.version + 1)

    def accepted_by(self, user_id: UUID) -> "Shop":
        """The shop with its first owner, approved. Raises TransitionNotAllowed unless it has no owner yet."""
        return replace(self.move(ShopState.APPROVED), owner_id=user_id)


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """An invitation of the owner of `email` to own `shop_id`."""

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


def check_slug(slug: str) -> str:
    """The slug, if it is valid. Raises SlugInvalid."""
    if not SLUG.fullmatch(slug):
        raise SlugInvalid
    return slug


def new_token() -> str:
    """A token of 256 random bits in base64url."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> bytes:
    """The digest under which a token is stored."""
    return hashlib.sha256(token.encode()).digest()
