"""Invitations to own a shop, by shop and by token."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from users.domain.invitations import Invitation, digest_of
from users.tables import shop_invitation as table


@dataclass(frozen=True)
class Invitations:
    """Reads and writes invitations; their shop is locked before they change."""

    connection: sa.Connection

    def add(self, new: Invitation) -> None:
        self.connection.execute(sa.insert(table).values(vars(new)))

    def of_token(self, token: str) -> Invitation | None:
        found = sa.select(table).where(table.c.token_digest == digest_of(token))
        row = self.connection.execute(found).mappings().one_or_none()
        return Invitation(**row) if row else None

    def latest_of(self, shop_ids: Sequence[UUID]) -> dict[UUID, Invitation]:
        """The newest invitation to each of these shops, in whatever state."""
        newest = sa.select(table).ext(distinct_on(table.c.shop_id)).where(table.c.shop_id.in_(shop_ids))
        rows = self.connection.execute(newest.order_by(table.c.shop_id, table.c.invitation_id.desc()))
        return {row["shop_id"]: Invitation(**row) for row in rows.mappings()}

    def revoke(self, shop_id: UUID, now: datetime) -> bool:
        """Revoke the invitation to a shop that nobody has accepted yet; whether there was one."""
        pending = sa.and_(table.c.shop_id == shop_id, table.c.accepted_at.is_(None), table.c.revoked_at.is_(None))
        return self.connection.execute(sa.update(table).where(pending).values(revoked_at=now)).rowcount > 0

    def accept(self, invitation_id: UUID, user_id: UUID, now: datetime) -> None:
        accepted = sa.update(table).where(table.c.invitation_id == invitation_id)
        self.connection.execute(accepted.values(accepted_at=now, accepted_by=user_id))
