"""The messages that drive a service's sagas: `on_saga_message = saga_messages(*SAGAS)` in its class."""

from typing import Any

from shared.entrypoints import handles
from shared.messages import Envelope, Message
from shared.sagas.definition import Saga, answers_to, consumed_by


def saga_messages(*sagas: Saga) -> Any:
    """The handler of the answers to their commands, of the events that they await, and of their timers."""

    @handles(*consumed_by(*sagas), replies=answers_to(*sagas), together=True)
    def on_saga_message(self: Any, work: Any, deliveries: list[tuple[Message, Envelope]]) -> None:
        self.sagas.receive(work, deliveries)

    return on_saga_message
