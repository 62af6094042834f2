"""The base messages for erasing a person's data. Each service declares subclasses with topics of its own."""

from dataclasses import dataclass
from uuid import UUID

from shared.messages import Command, Event


@dataclass(frozen=True, kw_only=True)
class DataErased(Event):
    """The service stores no personal data of the person any more; `rows` is the number of erased rows."""

    user_id: UUID
    rows: int


@dataclass(frozen=True, kw_only=True)
class EraseData(Command):
    """Erase the personal data of a person. Idempotent."""

    user_id: UUID
