"""What the sagas are told, and how many of them stand where."""

from shared.db import OpenWork
from shared.entrypoints import every, handles
from shared.messages import Envelope, Message
from shared.sagas import Engine, answers_to, heard_by
from users.sagas import SAGAS
from users.work import Work


class SagaMessages:
    """Answers to the sagas' commands, the facts that they await, and their timers."""

    work: OpenWork[Work]
    sagas: Engine

    @handles(*heard_by(*SAGAS), replies=answers_to(*SAGAS), together=True)
    def on_saga_message(self, work: Work, deliveries: list[tuple[Message, Envelope]]) -> None:
        self.sagas.hear(work, deliveries)

    @every(seconds=15)
    def measure_sagas(self) -> None:
        with self.work() as work:
            self.sagas.measure(work)
