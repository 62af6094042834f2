"""Commands whose answer is not decided yet."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class CommandKind(StrEnum):
    """What was commanded."""

    OPEN = "open"
    CANCEL = "cancel"


@dataclass(frozen=True, kw_only=True)
class UnansweredCommand:
    """A command that waits for its answer, who gave it, and the request it belongs to."""

    message_id: UUID
    requester: str
    kind: CommandKind
    payment_id: UUID
    correlation_id: UUID
    traceparent: str | None
    requested_at: datetime
