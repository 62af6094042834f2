"""Links to set a new password."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from shared.round_trips import later
from users.credentials.model import Recovery
from users.credentials.tables import recovery


@dataclass(frozen=True)
class Recoveries:
    """Reads and writes recoveries; lock their account before removing them."""

    connection: sa.Connection

    def add(self, new: Recovery) -> None:
        later(self.connection, sa.insert(recovery).values(vars(new)))

    def get(self, token_digest: bytes) -> Recovery | None:
        """The recovery of a token, as long as it was not used."""
        found = self.connection.execute(sa.select(recovery).where(recovery.c.token_digest == token_digest))
        row = found.mappings().one_or_none()
        return Recovery(**row) if row else None

    def remove_all_of(self, user_id: UUID) -> None:
        """Make all links of an account invalid."""
        later(self.connection, sa.delete(recovery).where(recovery.c.user_id == user_id))
