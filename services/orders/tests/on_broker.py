"""Orders as real processes, and simulated other services on a real broker."""

import os
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from orders.sagas import SAGAS
from services.orders.tests.peers import Peers, captured
from shared import message_encoding
from shared.contracts import payments
from shared.contracts.orders import WakeSaga
from shared.testing import envelope, eventually
from shared.testing.processes import service_and_relay
from shared.testing.publishing import publish

DYING = Path(__file__).parents[3] / "shared" / "tests" / "example"  # has the module `dying`, which kills a process
COMMANDS = {command for saga in SAGAS for command in saga.commands}


class OnTheBroker(Peers):
    """Replies once to each command that the relay of orders has published, and pays at once."""

    def __init__(self, open_work, channel, *, pays=True):
        super().__init__(open_work)
        self.channel, self.is_paid = channel, pays
        self.queue = channel.queue_declare("", exclusive=True).queue
        for command in COMMANDS:
            channel.queue_bind(self.queue, message_encoding.COMMANDS, command.topic)

    def answer_until(self, holds, within=60):
        """Reply to commands until `holds` returns true."""

        def check():
            while message := self.channel.basic_get(self.queue, no_ack=True):
                self.handle(message)
            return holds()

        return eventually(check, within=within, every=0.05)

    def handle(self, message):
        message_id = UUID(message.headers["cloudEvents_id"])
        if message_id not in self.answered:
            self.answered.add(message_id)
            command = message_encoding.message(message.headers["cloudEvents_type"], message.body)
            self._answer(message_id, command)
            if self.is_paid and isinstance(command, payments.OpenPayment):
                self.consumes(captured(command))

    def consumes(self, event, in_reply_to=None):
        self.publish(envelope(event, in_reply_to=in_reply_to))

    def publish(self, sealed):
        publish(self.channel, sealed)

    def fire_timer(self, saga_id, attempt):
        """Deliver a timer of a saga."""
        self.publish(envelope(WakeSaga(saga_id=saga_id, attempt=attempt)))


def orders_processes(database_url, vhost, **settings):
    """The service and its relay, not started; both can be made to die."""
    path = os.pathsep.join(filter(None, [str(DYING), os.environ.get("PYTHONPATH")]))
    return service_and_relay("orders", database_url, vhost, PYTHONPATH=path, RETRY_RUNGS="0.2,0.4", **settings)


def sagas(open_work):
    """All sagas, by business key."""
    with open_work.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM saga")).mappings()
        return {row["business_key"]: dict(row) for row in rows}


def all_ended(open_work):
    return all(saga["status"] in ("done", "undone") for saga in sagas(open_work).values())
