"""Notes in the service's database which topics it handles, and since when.

A message that was said before its queue was bound cannot be in it: of such a one nobody asks why it was not
handled. So the moment is noted once the queues stand, and kept for as long as the consumer is there.
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
    WITH heard AS (
        SELECT * FROM unnest(CAST(:consumers AS text[]), CAST(:topics AS text[]), CAST(:replies AS boolean[]))
            AS now_heard (consumer, topic, replies)
    ),
    gone AS (DELETE FROM listening WHERE (consumer, topic, replies) NOT IN (TABLE heard))
    INSERT INTO listening (consumer, topic, replies) SELECT consumer, topic, replies FROM heard
    ON CONFLICT DO NOTHING
""")
LONGEST_PAUSE = 5.0  # seconds


class Subscriptions(DependencyProvider):
    """Notes it once for each process, as soon as broker and database have answered."""

    broker = Broker()

    def __init__(self) -> None:
        super().__init__()
        self._stopping = threading.Event()

    def start(self) -> None:
        self.container.spawn_managed_thread(self._run)

    def stop(self) -> None:
        self._stopping.set()

    def get_dependency(self, worker_ctx: Any) -> None:  # nameko's signature
        """Nothing: it only takes note."""

    def _run(self) -> None:
        pause = 0.1
        while not self._noted() and not self._stopping.wait(pause):
            pause = min(pause * 2, LONGEST_PAUSE)

    def _noted(self) -> bool:
        link = getattr(self.broker, "link", None)  # extensions start side by side
        if not link or not link.is_open or not self.broker.open_work:
            return False
        try:
            with self.broker.open_work() as work:
                note(work.connection, self.container.service_cls)
        except Exception as failure:  # noqa: BLE001 - the next round may do better
            observe.log.warning("could not note what is listened to", error=repr(failure))
            return False
        return True


def note(connection: Connection, service_class: Any) -> None:
    """Note the consumers of a service that are new, and forget those that are no more."""
    found = [(h, topic) for topic, received in handlers(service_class).items() for h in received]
    rows = [(h.consumer, topic, kind == REPLY) for h, topic in found for kind in sorted(h.kinds)]
    consumers, topics, replies = ([row[place] for row in rows] for place in range(3))
    connection.execute(NOTE, {"consumers": consumers, "topics": topics, "replies": replies})
