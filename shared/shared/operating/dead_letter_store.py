"""The dead-letter store: messages of a service's `dead.` queue are stored in its database, then acknowledged.

While they cannot be stored, for instance because the database is down, they remain on the broker.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql import insert

from shared import frames, observe
from shared.batches import DatabaseDown
from shared.consumer import Consumer
from shared.delivery import Delivery, Done, Outcome
from shared.forwarding import Mover
from shared.message_encoding import dead_letter_queue
from shared.operating import dead_letter_row
from shared.operating.tables import dead_letter
from shared.work import OpenWork

BATCH = 20  # small, since one may be large


class DeadLetterStore:
    """Stores dead letters; of several copies of one failure only the first."""

    def __init__(self, service: str, engine: Engine) -> None:
        self._service, self._engine = service, engine

    def run(self, deliveries: Sequence[Delivery]) -> list[Outcome]:
        """Store all in one transaction. Raises DatabaseDown for any failure."""
        rows = {
            one["copy"]: one for one in (dead_letter_row.row(self._service, delivery) for delivery in deliveries)
        }
        try:
            self._store([rows[copy] for copy in sorted(rows)])
        except Exception as failure:
            raise DatabaseDown from failure
        return [Done()] * len(deliveries)

    def _store(self, rows: list[dict[str, Any]]) -> None:
        new = insert(dead_letter).on_conflict_do_nothing(index_elements=["copy"])
        with self._engine.begin() as connection:
            connection.execute(new, rows)
        for one in rows:
            about = {name: str(one[name]) for name in ("dead_letter_id", "message_id", "topic")}
            observe.log.error("dead letter", **about, cause=one["exception"])


class DeadLetterConsumer(Consumer):
    """The consumer of a service's dead letters."""

    def __init__(self, service: str, open_work: OpenWork[Any], mover: Mover) -> None:
        store = DeadLetterStore(service, open_work.engine)
        super().__init__(service, dead_letter_queue(service), store, mover, probe=open_work.probe, batch=BATCH)

    def opened(self, channel: Any) -> None:
        frames.tolerate(channel)
        super().opened(channel)
