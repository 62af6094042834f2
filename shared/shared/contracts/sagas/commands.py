"""The timer of a saga. Each service with sagas declares a subclass, since a message belongs to one service."""

from dataclasses import dataclass
from uuid import UUID

from shared.messages import Command


@dataclass(frozen=True, kw_only=True)
class SagaTimer(Command):
    """A timer of a saga has run out; one of an earlier `attempt` is ignored."""

    saga_id: UUID
    attempt: int
