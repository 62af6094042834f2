"""Messages by recipient, and consents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shared.round_trips import later
from users.messages.model import MailReason, MailState, Message, Preference, Purpose
from users.messages.tables import message, message_preference

MAIL = ("mail_state", "mail_reason", "mail_at", "mailed_at")
ADD = insert(message).on_conflict_do_nothing(index_elements=["message_id"]).returning(message.c.message_id)
_GIVEN = message.c.message_id.in_(sa.bindparam("ids", expanding=True))
_WAITING = _GIVEN & (message.c.mail_state == MailState.WAITING)
_LOCKED = sa.select(message.c.message_id).where(_WAITING).order_by(message.c.message_id).with_for_update()
MAILED = (
    sa.update(message)
    .where(message.c.message_id == _LOCKED.cte("locked").c.message_id)
    .values(mail_state=MailState.SENT, mailed_at=sa.bindparam("now"))
    .returning(message.c.purpose)
)


@dataclass(frozen=True)
class Messages:
    """Reads and writes messages."""

    connection: sa.Connection

    def add(self, new: Sequence[Message]) -> set[UUID]:
        """Store messages; returns the ids of those that were new."""
        return set(self.connection.execute(ADD, list(map(vars, new))).scalars()) if new else set()

    def get_all(self, message_ids: Iterable[UUID]) -> dict[UUID, Message]:
        """Those of these messages that exist."""
        query = sa.select(message).where(message.c.message_id.in_(set(message_ids)))
        return {row["message_id"]: _message(row) for row in self.connection.execute(query).mappings()}

    def lock(self, message_id: UUID) -> Message | None:
        return self._one(sa.select(message).where(message.c.message_id == message_id).with_for_update())

    def save_mail(self, changed: Message) -> None:
        """Store the mail state of a message."""
        state = {name: getattr(changed, name) for name in MAIL}
        later(self.connection, sa.update(message).where(message.c.message_id == changed.message_id).values(state))

    def mailed(self, message_ids: Iterable[UUID], now: datetime) -> list[Purpose]:
        """Store that a server accepted the mails of these messages; returns the purposes of those that waited."""
        terms = {"ids": list(set(message_ids)), "now": now}
        return [Purpose(each) for each in self.connection.execute(MAILED, terms).scalars()]

    def page(self, user_id: UUID, *, after: UUID | None, limit: int) -> list[Message]:
        """Up to `limit` messages of an account that follow the message `after`, newest first."""
        place = sa.tuple_(message.c.created_at, message.c.message_id)
        newest_first = (message.c.created_at.desc(), message.c.message_id.desc())
        mine = sa.select(message).where(message.c.user_id == user_id).order_by(*newest_first).limit(limit)
        if after:
            last = sa.select(message.c.created_at, message.c.message_id).where(message.c.message_id == after)
            mine = mine.where(place < last.scalar_subquery())
        return [_message(row) for row in self.connection.execute(mine).mappings()]

    def unread(self, user_id: UUID) -> int:
        """The number of unread messages of an account."""
        query = sa.select(sa.func.count()).where(message.c.user_id == user_id, message.c.read_at.is_(None))
        return self.connection.execute(query).scalar_one()

    def read(self, user_id: UUID, message_id: UUID, now: datetime) -> Message | None:
        """Mark a message of this account as read; the first time is kept. None if there is no such message."""
        mine = (message.c.user_id == user_id) & (message.c.message_id == message_id)
        read = sa.update(message).where(mine).values(read_at=sa.func.coalesce(message.c.read_at, now))
        return self._one(read.returning(message))

    def read_all(self, user_id: UUID, now: datetime) -> None:
        """Mark all messages of this account as read."""
        unread = (message.c.user_id == user_id) & message.c.read_at.is_(None)
        later(self.connection, sa.update(message).where(unread).values(read_at=now))

    def _one(self, query: Any) -> Message | None:
        row = self.connection.execute(query).mappings().one_or_none()
        return _message(row) if row else None


@dataclass(frozen=True)
class Preferences:
    """Reads and writes consents."""

    connection: sa.Connection

    def of(self, user_id: UUID) -> Preference:
        """The consents of a user; none by default."""
        query = sa.select(message_preference.c.marketing_mail).where(message_preference.c.user_id == user_id)
        found = self.connection.execute(query).scalar_one_or_none()
        return Preference() if found is None else Preference(marketing_mail=found)

    def of_all(self, user_ids: Iterable[UUID]) -> dict[UUID, Preference]:
        """The consents of those of these users who have stored any."""
        wanted = set(user_ids)
        if not wanted:
            return {}
        query = sa.select(message_preference.c.user_id, message_preference.c.marketing_mail)
        found = self.connection.execute(query.where(message_preference.c.user_id.in_(wanted)))
        return {row.user_id: Preference(marketing_mail=row.marketing_mail) for row in found}

    def save(self, user_id: UUID, preference: Preference, now: datetime) -> None:
        row = {**vars(preference), "changed_at": now}
        stored = insert(message_preference).values(user_id=user_id, **row)
        later(self.connection, stored.on_conflict_do_update(index_elements=["user_id"], set_=row))


def _message(row: Any) -> Message:
    reason = MailReason(row["mail_reason"]) if row["mail_reason"] else None
    enums = {"purpose": Purpose(row["purpose"]), "mail_state": MailState(row["mail_state"]), "mail_reason": reason}
    return Message(**{**row, **enums})
