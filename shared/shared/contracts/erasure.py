"""What a service is told when a person is to be erased. Each declares its own messages."""

from dataclasses import dataclass
from uuid import UUID

from shared.messages import Command, Event


@dataclass(frozen=True, kw_only=True)
class DataErased(Event):
    """Nothing is held of the person any more; `rows` held something."""

    user_id: UUID
    rows: int


@dataclass(frozen=True, kw_only=True)
class EraseData(Command):
    """Erase what is held of a person. Told again, it is answered the same way."""

    user_id: UUID
