"""Sessions with their chains of refresh tokens, and failed attempts to sign in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shared.round_trips import later
from users.sessions.model import IDLE, LONGEST, Guard, Link, Session
from users.sessions.tables import refresh_token, session, sign_in_guard

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Sessions:
    """Reads and writes sessions; a session is locked before its chain is read."""

    connection: sa.Connection

    def add(self, new: Session) -> None:
        later(self.connection, sa.insert(session).values(vars(new)))

    def add_link(self, link: Link) -> None:
        """Append a token to its session's chain."""
        later(self.connection, sa.insert(refresh_token).values(vars(link)))

    def user_of(self, digest: bytes) -> UUID | None:
        """The account that this token belongs to."""
        owner = sa.select(session.c.user_id).join_from(session, refresh_token)
        return self.connection.execute(owner.where(refresh_token.c.digest == digest)).scalar_one_or_none()

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
        later(self.connection, used.values(used_at=now, salt=salt))
        seen = sa.update(session).where(session.c.session_id == link.session_id)
        later(self.connection, seen.values(used_at=now))

    def running_of(self, user_id: UUID) -> Sequence[UUID]:
        """The sessions of an account that have not been ended."""
        running = sa.select(session.c.session_id).where(session.c.user_id == user_id, session.c.ended.is_(None))
        return self.connection.execute(running).scalars().all()

    def get(self, session_id: UUID) -> Session | None:
        """A session in any state, not locked."""
        row = self.connection.execute(sa.select(session).where(session.c.session_id == session_id)).mappings()
        return next((Session(**found) for found in row), None)

    def alive_of(self, user_id: UUID, now: datetime, *, after: UUID | None, limit: int) -> list[Session]:
        """Sessions of an account that can be refreshed, the latest sign-in first, older than `after`."""
        fresh = (session.c.used_at > now - IDLE, session.c.started_at > now - LONGEST)
        which = sa.select(session).where(session.c.user_id == user_id, session.c.ended.is_(None), *fresh)
        which = which.where(session.c.session_id < after) if after else which
        rows = self.connection.execute(which.order_by(session.c.session_id.desc()).limit(limit)).mappings()
        return [Session(**row) for row in rows]

    def count_of(self, user_id: UUID) -> tuple[int, datetime | None]:
        """The number of sessions of an account that have not been ended, and when one of them was used last."""
        counted = sa.select(sa.func.count(), sa.func.max(session.c.used_at))
        running = counted.where(session.c.user_id == user_id, session.c.ended.is_(None))
        number, last = self.connection.execute(running).one()
        return number, last

    def end(self, session_id: UUID, reason: str) -> bool:
        """End a session; False if it has ended already, which keeps its first reason."""
        running = sa.and_(session.c.session_id == session_id, session.c.ended.is_(None))
        return self.connection.execute(sa.update(session).where(running).values(ended=reason)).rowcount == 1


@dataclass(frozen=True)
class Guards:
    """Reads and writes guards of addresses, with or without an account."""

    connection: sa.Connection

    def lock(self, email: str) -> Guard:
        """The guard of an address, locked.

        Read the time after this call, which may wait: an earlier time may precede the attempts of others.
        """
        fresh = insert(sign_in_guard).values(email_digest=email, failures=0, last_at=NEVER)
        locked = fresh.on_conflict_do_update(
            index_elements=["email_digest"], set_={"email_digest": fresh.excluded.email_digest}
        )
        row = self.connection.execute(locked.returning(sign_in_guard.c.failures, sign_in_guard.c.last_at)).one()
        return Guard(row.failures, row.last_at)

    def save(self, email: str, guard: Guard) -> None:
        changed = sa.update(sign_in_guard).where(sign_in_guard.c.email_digest == email)
        later(self.connection, changed.values(failures=guard.failures, last_at=guard.last_at))

    def clear(self, email: str) -> None:
        later(self.connection, sa.delete(sign_in_guard).where(sign_in_guard.c.email_digest == email))
