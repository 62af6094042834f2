"""Accounts by id and by email, and what is remembered of attempts to sign in."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from users.domain.accounts import Account, Standing
from users.domain.guard import Guard
from users.tables import account, sign_in_guard

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Accounts:
    """Reads and writes accounts."""

    connection: sa.Connection

    def add(self, new: Account) -> bool:
        """Store an account; False when its address is taken."""
        row = {**vars(new), "standings": sorted(new.standings)}
        stored = insert(account).values(row).on_conflict_do_nothing(index_elements=["email"])
        return self.connection.execute(stored).rowcount == 1

    def get(self, user_id: UUID) -> Account | None:
        return self._one(account.c.user_id == user_id)

    def of_email(self, email: str) -> Account | None:
        """The account of a normalised address."""
        return self._one(account.c.email == email)

    def lock(self, user_id: UUID) -> None:
        """Let nobody else change what belongs to this account until the end of the work."""
        self.connection.execute(sa.select(account.c.user_id).where(account.c.user_id == user_id).with_for_update())

    def grant(self, user_id: UUID, standing: Standing) -> None:
        """Give an account a standing, once."""
        missing = sa.not_(account.c.standings.contains([standing]))
        granted = sa.func.array_append(account.c.standings, standing)
        self._update(sa.and_(account.c.user_id == user_id, missing), standings=granted)

    def rehash(self, user_id: UUID, password_hash: str) -> None:
        self._update(account.c.user_id == user_id, password_hash=password_hash)

    def lock_guard(self, email: str) -> Guard:
        """What is remembered of attempts on an address, with or without an account; locked.

        It may have waited: only a time that is read afterwards is not earlier than what others wrote meanwhile.
        """
        fresh = insert(sign_in_guard).values(email_digest=_digest(email), failures=0, last_at=NEVER)
        locked = fresh.on_conflict_do_update(
            index_elements=["email_digest"], set_={"email_digest": fresh.excluded.email_digest}
        )
        row = self.connection.execute(locked.returning(sign_in_guard.c.failures, sign_in_guard.c.last_at)).one()
        return Guard(row.failures, row.last_at)

    def save_guard(self, email: str, guard: Guard) -> None:
        changed = sa.update(sign_in_guard).where(sign_in_guard.c.email_digest == _digest(email))
        self.connection.execute(changed.values(failures=guard.failures, last_at=guard.last_at))

    def clear_guard(self, email: str) -> None:
        self.connection.execute(sa.delete(sign_in_guard).where(sign_in_guard.c.email_digest == _digest(email)))

    def _one(self, condition: Any) -> Account | None:
        row = self.connection.execute(sa.select(account).where(condition)).mappings().one_or_none()
        return Account(**{**row, "standings": frozenset(map(Standing, row["standings"]))}) if row else None

    def _update(self, condition: Any, **values: Any) -> None:
        self.connection.execute(sa.update(account).where(condition).values(values))


def _digest(email: str) -> bytes:
    return hashlib.sha256(email.encode()).digest()
