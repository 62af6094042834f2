"""Stores in the service's database which topics it handles and since when, for the auditor.

A message that was published before its queue was bound cannot have been handled. So the time is stored once the
queues are declared, and kept as long as the consumer exists.
"""

import threading
from typing import Any

from nameko.extensions import DependencyProvider
from sqlalchemy import Connection, text

from shared import observe
from shared.broker import Broker
from shared.handlers import handlers
from shared.messages import REPLY

NOTE = text("""
    WITH subscribed AS (
        SELECT * FROM unnest(CAST(:consumers AS text[]), CAST(:topics AS text[]), CAST(:replies AS boolean[]))
            AS given (consumer, topic, replies)
    ),
    removed AS (DELETE FROM subscriptions WHERE (consumer, topic, replies) NOT IN (TABLE subscribed))
    INSERT INTO subscriptions (consumer, topic, replies) SELECT consumer, topic, replies FROM subscribed
    ON CONFLICT DO NOTHING
""")
LONGEST_PAUSE = 5.0  # seconds


class Subscriptions(DependencyProvider):
    """Stores the subscriptions once per process, as soon as broker and database are connected."""

    broker = Broker()

    def __init__(self) -> None:
        super().__init__()
        self._stopping = threading.Event()

    def start(self) -> None:
        self.container.spawn_managed_thread(self._run)

    def stop(self) -> None:
        self._stopping.set()

    def get_dependency(self, worker_ctx: Any) -> None:  # nameko's signature
        """Nothing: the dependency only runs in the background."""

    def _run(self) -> None:
        pause = 0.1
        while not self._stored() and not self._stopping.wait(pause):
            pause = min(pause * 2, LONGEST_PAUSE)

    def _stored(self) -> bool:
        link = getattr(self.broker, "link", None)  # set when the broker extension has started
        if not link or not link.is_open or not self.broker.open_work:
            return False
        try:
            with self.broker.open_work() as work:
                note(work.connection, self.container.service_cls)
        except Exception as failure:  # noqa: BLE001 - the next try may succeed
            observe.log.warning("could not store the subscriptions", error=repr(failure))
            return False
        return True


def note(connection: Connection, service_class: Any) -> None:
    """Store the new consumers of a service and delete those that no longer exist."""
    found = [(h, topic) for topic, received in handlers(service_class).items() for h in received]
    rows = [(h.consumer, topic, kind == REPLY) for h, topic in found for kind in sorted(h.kinds)]
    consumers, topics, replies = ([row[place] for row in rows] for place in range(3))
    connection.execute(NOTE, {"consumers": consumers, "topics": topics, "replies": replies})
