"""A shop: who owns it, who works for it, and whether it may sell."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Invalid, NotFound

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class ShopState(StrEnum):
    """Whether a shop may sell; `invited`: it has no owner yet.

    Orders that were placed are carried out also while it is suspended.
    """

    INVITED = "invited"
    APPROVED = "approved"
    SUSPENDED = "suspended"


class Duty(StrEnum):
    """What somebody is in a shop."""

    OWNER = "owner"
    STAFF = "staff"


MOVES: dict[ShopState, frozenset[ShopState]] = {
    ShopState.INVITED: frozenset({ShopState.APPROVED}),
    ShopState.APPROVED: frozenset({ShopState.SUSPENDED}),
    ShopState.SUSPENDED: frozenset({ShopState.APPROVED}),
}


class UnknownShop(NotFound):
    """There is no such shop."""

    code = "unknown_shop"


class NoSlug(Invalid):
    """A slug is made of lower-case letters, digits and single hyphens."""

    code = "invalid_slug"


class SlugTaken(Conflict):
    """Another shop has this slug."""

    code = "slug_taken"


class WrongShopMove(Conflict):
    """The shop cannot go there from where it is."""

    code = "wrong_shop_move"


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A shop; `version` grows with every change that others hear of."""

    shop_id: UUID
    slug: str
    name: str
    owner_id: UUID | None
    state: ShopState
    version: int
    opened_at: datetime

    def move(self, wanted: ShopState) -> "Shop":
        """The shop in the wanted state; itself when it is there already. Raises WrongShopMove."""
        if wanted is self.state:
            return self
        if wanted not in MOVES[self.state]:
            raise WrongShopMove(state=self.state)
        return replace(self, state=wanted, version=self.version + 1)

    def accepted_by(self, user_id: UUID) -> "Shop":
        """The shop of its first owner, selling. Raises WrongShopMove unless it waits for one."""
        return replace(self.move(ShopState.APPROVED), owner_id=user_id)


def check_slug(slug: str) -> str:
    """The slug, if it is one. Raises NoSlug."""
    if not SLUG.fullmatch(slug):
        raise NoSlug
    return slug
