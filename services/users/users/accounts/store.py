"""Accounts, by id and by email."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shared.round_trips import later
from users.accounts.model import Account, AccountNotFound, GrantedRole, Language
from users.accounts.tables import account

FIELDS = [column for column in account.c if column.name != "email_index"]


@dataclass(frozen=True)
class Accounts:
    """Reads and writes accounts."""

    connection: sa.Connection

    def add(self, new: Account) -> bool:
        """Store an account; False when its address is taken."""
        row = {**vars(new), "granted_roles": sorted(new.granted_roles), "email_index": new.email}
        stored = insert(account).values(row).on_conflict_do_nothing(index_elements=["email_index"])
        return self.connection.execute(stored).rowcount == 1

    def get(self, user_id: UUID) -> Account | None:
        return self._one(account.c.user_id == user_id)

    def of_email(self, email: str) -> Account | None:
        """The account of a normalised address."""
        return self._one(account.c.email_index == email)

    def get_all(self, user_ids: Iterable[UUID]) -> dict[UUID, Account]:
        """Those of these accounts that exist."""
        return self._all(sa.select(*FIELDS).where(account.c.user_id.in_(set(user_ids))))

    def share(self, user_id: UUID) -> Account | None:
        """An account, share-locked: it cannot change until the transaction ends."""
        return self.share_all([user_id]).get(user_id)

    def share_all(self, user_ids: Iterable[UUID]) -> dict[UUID, Account]:
        """Those of these accounts that exist, share-locked in the order of their ids."""
        ordered = sa.select(*FIELDS).where(account.c.user_id.in_(set(user_ids))).order_by(account.c.user_id)
        return self._all(ordered.with_for_update(read=True))

    def lock(self, user_id: UUID) -> Account:
        """An account, locked until the transaction ends; this serialises changes of its addresses and erasure.

        Raises AccountNotFound, also for one that was erased.
        """
        found = self._one(account.c.user_id == user_id, lock=True)
        if found is None or found.is_erased:
            raise AccountNotFound
        return found

    def grant(self, user_id: UUID, role: GrantedRole) -> None:
        """Add a role to an account, if it does not have it."""
        missing = sa.not_(account.c.granted_roles.contains([role]))
        granted = sa.func.array_append(account.c.granted_roles, role)
        self._update(sa.and_(account.c.user_id == user_id, missing), granted_roles=granted)

    def rename(self, user_id: UUID, name: str) -> None:
        self._update(account.c.user_id == user_id, name=name)

    def rehash(self, user_id: UUID, password_hash: str) -> None:
        self._update(account.c.user_id == user_id, password_hash=password_hash)

    def set_language(self, user_id: UUID, language: Language) -> None:
        """Set the language of messages to this account's owner."""
        self._update(account.c.user_id == user_id, language=language)

    def _all(self, query: Any) -> dict[UUID, Account]:
        return {row["user_id"]: _account(row) for row in self.connection.execute(query).mappings()}

    def _one(self, condition: Any, *, lock: bool = False) -> Account | None:
        query = sa.select(*FIELDS).where(condition)
        if lock:
            query = query.with_for_update()
        row = self.connection.execute(query).mappings().one_or_none()
        return _account(row) if row else None

    def _update(self, condition: Any, **values: Any) -> None:
        later(self.connection, sa.update(account).where(condition).values(values))


def _account(row: Any) -> Account:
    enums = {
        "granted_roles": frozenset(map(GrantedRole, row["granted_roles"])),
        "language": Language(row["language"]),
    }
    return Account(**{**row, **enums})
