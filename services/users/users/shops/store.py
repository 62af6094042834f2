"""Shops, their members, and the invitations to own them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert

from shared.round_trips import later
from users.shops.model import Duty, Invitation, Shop, ShopState, digest_of
from users.shops.tables import shop, shop_invitation, shop_member

CHANGING = ("state", "version", "owner_id", "name", "name_en", "description_zh", "description_en")
INVITATION = [column for column in shop_invitation.c if column.name != "email_index"]


@dataclass(frozen=True)
class Shops:
    """Reads and writes shops."""

    connection: sa.Connection

    def add(self, new: Shop) -> bool:
        """Store a shop; False if the slug is taken."""
        stored = insert(shop).values(vars(new)).on_conflict_do_nothing(index_elements=["slug"])
        return self.connection.execute(stored).rowcount == 1

    def add_owner(self, owned: Shop) -> None:
        """Add the owner as a member of the shop."""
        owner = {"shop_id": owned.shop_id, "user_id": owned.owner_id, "duty": Duty.OWNER}
        later(self.connection, sa.insert(shop_member).values(owner))

    def get(self, shop_id: UUID, *, lock: bool = False) -> Shop | None:
        found = sa.select(shop).where(shop.c.shop_id == shop_id)
        row = self.connection.execute(found.with_for_update() if lock else found).mappings().one_or_none()
        return _shop(row) if row else None

    def save(self, changed: Shop) -> None:
        update = sa.update(shop).where(shop.c.shop_id == changed.shop_id)
        later(self.connection, update.values({name: getattr(changed, name) for name in CHANGING}))

    def in_state(
        self, state: ShopState | None, after: UUID | None, limit: int, begins: str | None = None
    ) -> list[Shop]:
        """Shops in this state, or in any if None, oldest first, after the shop `after`.

        With `begins` those whose slug or name begins so, in upper or lower case.
        """
        page = sa.select(shop).order_by(shop.c.shop_id).limit(limit)
        page = page.where(shop.c.state == state) if state else page
        page = page.where(_begins(begins)) if begins else page
        rows = self.connection.execute(page.where(shop.c.shop_id > after) if after else page)
        return [_shop(row) for row in rows.mappings()]

    def of_member(self, user_id: UUID) -> Sequence[tuple[Shop, Duty]]:
        """The shops that an account works for, with its duty in each."""
        found = sa.select(shop, shop_member.c.duty).join(shop_member, shop_member.c.shop_id == shop.c.shop_id)
        rows = self.connection.execute(found.where(shop_member.c.user_id == user_id).order_by(shop.c.shop_id))
        return [(_shop({k: row[k] for k in shop.c.keys()}), Duty(row["duty"])) for row in rows.mappings()]  # noqa: SIM118


@dataclass(frozen=True)
class Invitations:
    """Reads and writes invitations; lock their shop before changing them."""

    connection: sa.Connection

    def add(self, new: Invitation) -> None:
        later(self.connection, sa.insert(shop_invitation).values(**vars(new), email_index=new.email))

    def of_token(self, token: str) -> Invitation | None:
        found = sa.select(*INVITATION).where(shop_invitation.c.token_digest == digest_of(token))
        row = self.connection.execute(found).mappings().one_or_none()
        return Invitation(**row) if row else None

    def latest_of(self, shop_ids: Sequence[UUID]) -> dict[UUID, Invitation]:
        """The newest invitation of each of these shops, in any state."""
        newest = sa.select(*INVITATION).where(shop_invitation.c.shop_id.in_(shop_ids))
        newest = newest.ext(distinct_on(shop_invitation.c.shop_id))
        newest = newest.order_by(shop_invitation.c.shop_id, shop_invitation.c.invitation_id.desc())
        rows = self.connection.execute(newest)
        return {row["shop_id"]: Invitation(**row) for row in rows.mappings()}

    def revoke(self, shop_id: UUID, now: datetime) -> bool:
        """Revoke the pending invitation of a shop; False if there is none."""
        pending = sa.and_(
            shop_invitation.c.shop_id == shop_id,
            shop_invitation.c.accepted_at.is_(None),
            shop_invitation.c.revoked_at.is_(None),
        )
        revoked = sa.update(shop_invitation).where(pending).values(revoked_at=now)
        return self.connection.execute(revoked).rowcount > 0

    def accept(self, invitation_id: UUID, user_id: UUID, now: datetime) -> None:
        accepted = sa.update(shop_invitation).where(shop_invitation.c.invitation_id == invitation_id)
        later(self.connection, accepted.values(accepted_at=now, accepted_by=user_id))


def _begins(text: str) -> sa.ColumnElement[bool]:
    """The slug or the name begins so. Each is looked up in an index of its own."""
    begin = text.lower()
    slugs = sa.select(shop.c.shop_id).where(shop.c.slug.startswith(begin, autoescape=True))
    names = sa.select(shop.c.shop_id).where(sa.func.lower(shop.c.name).startswith(begin, autoescape=True))
    return shop.c.shop_id.in_(sa.union(slugs, names))


def _shop(row: Any) -> Shop:
    return Shop(**{**row, "state": ShopState(row["state"])})
