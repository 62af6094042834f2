"""Four services without a broker: each on its own database, with the messages between them in `in_transit`.

They are delivered in any order, some twice, some late; a message that its receiver cannot handle yet remains in
transit. Only the payment provider is a fake.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from uuid import UUID

from sqlalchemy import text

from catalog.service import CatalogService
from catalog.work import Work as CatalogWork
from marketing.service import MarketingService
from marketing.work import Work as MarketingWork
from orders.service import OrdersService
from orders.work import Work as OrdersWork
from payments.service import PaymentsService
from payments.taking.use_cases import cancelling, notifications
from payments.work import Work as PaymentsWork
from services.orders.tests.interruptions import PowerCut, dying_at
from services.payments.tests.till import empty
from shared import message_encoding
from shared.contracts.orders import WakeSaga
from shared.db import Database
from shared.errors import Refusal
from shared.handlers import handlers
from shared.messages import Envelope
from shared.testing import deliver, fresh_database, service
from shared.testing.databases import drop_database

SERVICES = {
    "catalog": (CatalogService, CatalogWork),
    "marketing": (MarketingService, MarketingWork),
    "orders": (OrdersService, OrdersWork),
    "payments": (PaymentsService, PaymentsWork),
}
OUTBOX = text("""
    SELECT position, message_id, topic, body, headers, not_before, queue FROM outbox
    WHERE position > :after ORDER BY position
""")
AWAITING = "SELECT saga_id, attempt FROM saga WHERE awaiting = :command"


def _subscriptions(name, sealed):
    found = handlers(SERVICES[name][0]).get(sealed.body.topic, ())
    return any(sealed.kind in handler.kinds for handler in found)


@dataclass
class Delivery:
    """A message for one service; a timer may fire at any time."""

    receiver: str
    sealed: Envelope
    timer: bool = False


@dataclass
class World:
    """The services, and the messages between them."""

    wechat: object  # its clock and that of payments may be ahead
    ahead: timedelta = timedelta()
    in_transit: list[Delivery] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def __post_init__(self):
        self.urls = {name: fresh_database(name) for name in SERVICES}
        self.open = {name: self._open(name, work) for name, (_, work) in SERVICES.items()}

    def close(self):
        for name, url in self.urls.items():
            self.open[name].engine.dispose()
            drop_database(url)

    def call(self, name, method, caller, /, **request):
        """Call a service like its RPC entrypoint does; published messages are in transit."""
        try:
            return getattr(service(SERVICES[name][0], self.open[name]), method)(caller, request)
        finally:
            self.collect(name)

    def deliver_one(self, delivery, *, keep=False, crash=None):
        """Deliver a message; it remains in transit if it is kept or refused, or its process dies.

        `crash`: the statement of the transaction at which the process dies; beyond the last one, after the commit.
        """
        self.in_transit.remove(delivery)
        open_work = self.open[delivery.receiver]
        try:
            with dying_at(open_work, crash):
                deliver(SERVICES[delivery.receiver][0], open_work, delivery.sealed)
        except (Refusal, PowerCut):
            keep = True
        self.in_transit += [delivery] if keep or crash is not None else []
        self.collect(delivery.receiver)

    def messages(self, *, timers=False):
        return [delivery for delivery in self.in_transit if delivery.timer is timers]

    def deliver_all(self):
        """Deliver until only timers are left."""
        for _ in range(100):
            waiting = self.messages()
            for delivery in waiting:
                self.deliver_one(delivery)
            if not waiting:
                return
        raise AssertionError(f"no service accepts {waiting}")

    def call_provider(self):
        """Execute all provider calls of payments that are due, and process the provider's notifications."""
        notifications.process_waiting(self.open["payments"])
        worker = PaymentsService.worker
        while due := worker.claim(self.open["payments"], 10):
            for provider_call in due:
                worker.carry_out(self.open["payments"], provider_call)
        cancelling.decide_overdue(self.open["payments"])
        self.collect("payments")

    def sagas(self):
        """The engine of orders."""
        return service(OrdersService, self.open["orders"]).sagas

    def rows(self, name, query, **terms):
        with self.open[name].engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query), terms).mappings()]

    def reset(self):
        """Discard an earlier scenario, its messages and its payments."""
        for open_work in self.open.values():
            empty(open_work)
        self.wechat.__init__()
        for name in SERVICES:
            self.collect(name)
        self.in_transit.clear()
        self.ahead = timedelta()

    def _open(self, name, work_class):
        world = self

        class TimedWork(work_class):
            @cached_property
            def now(self):
                return datetime.now(UTC) + world.ahead

        return Database.standalone(name, TimedWork if name == "payments" else work_class, self.urls[name])

    def collect(self, name):
        for row in self.rows(name, OUTBOX.text, after=self.seen.get(name, 0)):
            self.seen[name] = row["position"]
            self._post(name, row)

    def _post(self, name, row):
        known = {key: row["headers"].get(key) for key in ("correlation_id", "causation_id", "in_reply_to")}
        sealed = Envelope(
            body=message_encoding.message(row["topic"], row["body"]),
            source=name,
            message_id=row["message_id"],
            **{key: UUID(value) for key, value in known.items() if value},
        )
        self._address(sealed, timer=row["not_before"] is not None, queue=row["queue"])
        for saga in self.rows(name, AWAITING, command=row["message_id"]) if name == "orders" else ():
            # the deadline of the command, like a timer message
            self._address(Envelope(body=WakeSaga(**saga), source=name), timer=True)

    def _address(self, sealed, *, timer, queue=None):
        topic = sealed.body.topic
        names = [name for name in SERVICES if queue in (None, message_encoding.queue_name(name, topic))]
        receivers = [name for name in names if _subscriptions(name, sealed)]
        self.in_transit += [Delivery(name, sealed, timer) for name in receivers]
