"""What orders may be told to do, and how each command is answered."""

from dataclasses import dataclass
from uuid import UUID

from shared.messages import Command


@dataclass(frozen=True, kw_only=True)
class WakeSaga(Command, topic="orders.wake_saga.v1", key="saga_id"):
    """A timer of a saga has run out; one of an earlier `attempt` is ignored."""

    saga_id: UUID
    attempt: int
