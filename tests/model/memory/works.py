"""The base of all works in memory: a clock, a cause, and the published messages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.ids import new_id
from shared.messages import Envelope, Message
from shared.trace import Trace
from tests.model.memory.rows import Database, Rows

NO_TRACE = Trace()


@dataclass(frozen=True, kw_only=True)
class Published:
    """A message in the outbox; a reply goes to `requester`."""

    message: Message
    message_id: UUID
    causation_id: UUID | None
    in_reply_to: UUID | None = None
    requester: str | None = None
    is_timer: bool = False
    within: timedelta | None = None


class AllOn:
    """Switches that are all on."""

    @staticmethod
    def is_on(_name: str) -> bool:
        return True


class Work:
    """One transaction; a service's work adds its repositories, which use `connection`."""

    switches = AllOn()

    def __init__(self, rows: Rows, now: datetime, cause: Envelope | None) -> None:
        self.connection, self.now, self.cause = rows, now, cause
        self.published: list[Published] = []

    def publish(self, message, *, at=None, within=None):
        cause = self.cause.message_id if self.cause else None
        return self._note(message, causation_id=cause, is_timer=at is not None, within=within)

    def reply(self, event, *, to=None, requester=None):
        to, requester = to or self.cause.message_id, requester or self.cause.source
        return self._note(event, causation_id=to, in_reply_to=to, requester=requester)

    def _note(self, message, **known):
        self.published.append(published := Published(message=message, message_id=new_id(), **known))
        return published.message_id

    def trace_of(self, _cause: Envelope | None) -> Trace:
        return NO_TRACE

    def close(self) -> None:
        """Called last before the commit."""


@dataclass
class OpenWork:
    """Opens works of one service, like shared.db.OpenWork; published messages go to `post` after the commit."""

    database: Database
    work_class: type[Work]
    clock: Callable[[], datetime]
    post: Callable[[list[Published]], None]

    @contextmanager
    def __call__(self, *, causes: tuple[Envelope, ...] = ()) -> Iterator[Any]:
        with self.database.begin() as rows:
            work = self.work_class(rows, self.clock(), causes[0] if causes else None)
            yield work
            work.close()
        self.post(work.published)
