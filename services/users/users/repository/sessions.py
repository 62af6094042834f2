"""Sessions and their chains of refresh tokens."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from users.domain.sessions import Link, Session
from users.tables import refresh_token, session


@dataclass(frozen=True)
class Sessions:
    """Reads and writes sessions; one is locked before its chain is looked at."""

    connection: sa.Connection

    def add(self, new: Session) -> None:
        self.connection.execute(sa.insert(session).values(vars(new)))

    def add_link(self, link: Link) -> None:
        """Append a token to its session's chain."""
        self.connection.execute(sa.insert(refresh_token).values(vars(link)))

    def lock_of(self, digest: bytes) -> Session | None:
        """The session that this token belongs to, locked."""
        of_token = sa.select(refresh_token.c.session_id).where(refresh_token.c.digest == digest)
        locked = sa.select(session).where(session.c.session_id == of_token.scalar_subquery()).with_for_update()
        row = self.connection.execute(locked).mappings().one_or_none()
        return Session(**row) if row else None

    def link(self, digest: bytes) -> Link | None:
        found = sa.select(refresh_token).where(refresh_token.c.digest == digest)
        row = self.connection.execute(found).mappings().one_or_none()
        return Link(**row) if row else None

    def use(self, link: Link, salt: bytes, now: datetime) -> None:
        """Mark a token and its session as used now."""
        used = sa.update(refresh_token).where(refresh_token.c.digest == link.digest)
        self.connection.execute(used.values(used_at=now, salt=salt))
        seen = sa.update(session).where(session.c.session_id == link.session_id)
        self.connection.execute(seen.values(used_at=now))

    def end(self, session_id: UUID, reason: str) -> bool:
        """End a session; whether it was running. One that has ended keeps its first reason."""
        running = sa.and_(session.c.session_id == session_id, session.c.ended.is_(None))
        return self.connection.execute(sa.update(session).where(running).values(ended=reason)).rowcount == 1
