"""Interrupts sagas of orders: their process dies at a statement, or after the commit."""

from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import event, func, select

from orders.service import OrdersService
from services.orders.tests.peers import Peers
from shared.outbox import outbox
from shared.testing import deliver, envelope


class PowerCut(BaseException):  # not caught by `except Exception`
    """The process ends in the middle of a transaction."""


@contextmanager
def dying_at(open_work, statement):
    """The transaction dies at this statement, counted from 0; it is committed if it has fewer, or for None."""
    left = [statement]

    def count(*_):
        if statement is not None:
            left[0] -= 1
            if left[0] < 0:
                raise PowerCut

    event.listen(open_work.engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(open_work.engine, "before_cursor_execute", count)


@dataclass
class Interrupted(Peers):
    """Replies as Peers does, but the process of orders dies while it handles the message at this place.

    `statement` None: it dies after the commit, before it acknowledges. Every unacknowledged message is delivered
    again. With `stops_at` no message is delivered from that place on.
    """

    place: int | None = None
    statement: int | None = None
    stops_at: int | None = None
    received: int = 0
    died: int = 0

    def __post_init__(self):
        with self.open_work.engine.connect() as connection:  # earlier messages belong to others
            self.since = connection.execute(select(func.max(outbox.c.position))).scalar() or 0

    def consumes(self, event, in_reply_to=None):
        if self.stops_at is not None and self.received >= self.stops_at:
            return
        sealed, place = envelope(event, in_reply_to=in_reply_to), self.received
        self.received += 1
        if place == self.place:
            self._dies(sealed)
        deliver(OrdersService, self.open_work, sealed)

    def _dies(self, sealed):
        if self.statement is None:
            deliver(OrdersService, self.open_work, sealed)
            self.died += 1
            return
        with suppress(PowerCut), dying_at(self.open_work, self.statement):
            deliver(OrdersService, self.open_work, sealed)
            self.died -= 1
        self.died += 1
