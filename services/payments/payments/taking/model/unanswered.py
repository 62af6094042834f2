"""Commands whose reply is not decided yet."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class CommandKind(StrEnum):
    """The kinds of commands."""

    OPEN = "open"
    CANCEL = "cancel"


@dataclass(frozen=True, kw_only=True)
class UnansweredCommand:
    """A command without a reply yet, with its sender and the trace it belongs to."""

    message_id: UUID
    requester: str
    kind: CommandKind
    payment_id: UUID
    correlation_id: UUID
    traceparent: str | None
    requested_at: datetime
