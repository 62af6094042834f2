"""Four services in memory; the messages between them are `in_transit` until they are delivered in any order."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from catalog.service import CatalogService
from marketing.service import MarketingService
from orders.service import OrdersService
from payments.providers.registry import Registry
from payments.service import PaymentsService
from payments.taking.use_cases import cancelling
from services.payments.tests.fake_wechat import FakeWeChatPay
from shared.errors import Refusal
from shared.handlers import handlers
from shared.messages import Envelope, Message, owner
from tests.model.memory import orders, participants, payments
from tests.model.memory.rows import Database, PowerCut
from tests.model.memory.works import OpenWork, Published

SHELLS = {
    "catalog": (CatalogService, participants.CatalogWork),
    "marketing": (MarketingService, participants.MarketingWork),
    "orders": (OrdersService, orders.Work),
    "payments": (PaymentsService, payments.Work),
}
HANDLERS = {name: handlers(shell) for name, (shell, _) in SHELLS.items()}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(eq=False)
class Delivery:
    """A message for one service; a timer may fire at any time."""

    receiver: str
    sealed: Envelope
    timer: bool = False


@dataclass
class World:
    """`delivered` counts the messages, as a measure of a run."""

    wechat: FakeWeChatPay = field(default_factory=FakeWeChatPay)
    now: datetime = NOON
    in_transit: list[Delivery] = field(default_factory=list)
    delivered: int = 0

    def __post_init__(self):
        self.databases = {name: Database() for name in SHELLS}
        works = {name: work for name, (_, work) in SHELLS.items()} | {"payments": _paid_through(self.wechat)}
        self.open = {
            name: OpenWork(self.databases[name], works[name], lambda: self.now, self._poster(name))
            for name in SHELLS
        }
        self.shells = {name: shell() for name, (shell, _) in SHELLS.items()}
        self.shells["orders"].sagas = orders.Work.saga_engine

    def deliver_one(self, delivery, *, keep=False, crash=None):
        """Deliver a message; it remains in transit if it is kept or refused, or its process dies.

        `crash`: the write of the transaction at which the process dies; beyond the last one, after the commit.
        """
        self.in_transit.remove(delivery)
        self.delivered += 1
        database = self.databases[delivery.receiver]
        database.fuse = crash
        try:
            self._handle(delivery)
        except (Refusal, PowerCut):
            keep = True
        finally:
            keep, database.fuse = keep or crash is not None, None
        self.in_transit += [delivery] if keep else []

    def messages(self, *, timers=False):
        return [delivery for delivery in self.in_transit if delivery.timer is timers]

    def deliver_all(self):
        """Deliver until only timers are left."""
        for _ in range(100):
            waiting = self.messages()
            if not waiting:
                return
            for delivery in waiting:
                self.deliver_one(delivery)
        raise AssertionError(f"no service accepts {waiting}")

    def call_provider(self):
        """Execute all provider calls of payments that are due."""
        worker = PaymentsService.worker
        while due := worker.claim(self.open["payments"], 10):
            for provider_call in due:
                worker.carry_out(self.open["payments"], provider_call)
        cancelling.decide_overdue(self.open["payments"])

    def rows(self, name, table):
        """All values of a table."""
        return list(self.databases[name].tables.get(table, {}).values())

    def _handle(self, delivery):
        sealed, shell = delivery.sealed, self.shells[delivery.receiver]
        with self.open[delivery.receiver](causes=(sealed,)) as work:
            for handler in _handlers_of(delivery.receiver, sealed):
                known = (handler.consumer, sealed.message_id)
                if work.connection.get("inbox", known):
                    continue
                work.connection.put("inbox", known, work.now)
                method = getattr(shell, handler.method)
                method(work, [(sealed.body, sealed)] if handler.together else sealed.body)

    def _poster(self, name):
        def post(published: list[Published]):
            for one in published:
                self._post(name, one)

        return post

    def _post(self, source: str, published: Published):
        ids = {name: getattr(published, name) for name in ("message_id", "causation_id", "in_reply_to")}
        sealed = _sealed(
            source, published.message, **ids, not_after=published.within and self.now + published.within
        )
        self._address(sealed, timer=published.is_timer, to=published.requester)
        if published.within:
            self._time(source, published.message_id)

    def _time(self, source: str, command_id: UUID):
        """The deadline of a saga's command, like a timer message for the saga that awaits the answer."""
        for saga in self.rows(source, "saga"):
            if saga.now.awaiting == command_id:
                timer = orders.Work.saga_engine.timer(saga_id=saga.saga_id, attempt=saga.now.attempt)
                self._address(_sealed(source, timer), timer=True)

    def _address(self, sealed: Envelope, *, timer: bool, to: str | None = None):
        receivers = [name for name in HANDLERS if to in (None, name) and _handlers_of(name, sealed)]
        self.in_transit += [Delivery(name, sealed, timer) for name in receivers]


NO_ID = UUID(int=0)


def _paid_through(wechat: FakeWeChatPay) -> type[payments.Work]:
    """The work of payments with this provider."""
    registry = Registry(*PaymentsService.providers.registry.declared.values())
    registry.adapters["wechat"] = wechat
    return type("Work", (payments.Work,), {"providers": registry})


def _handlers_of(name: str, sealed: Envelope):
    """The handlers of a service for a message."""
    return [one for one in HANDLERS[name].get(sealed.body.topic, ()) if sealed.kind in one.kinds]


def _sealed(source: str, message: Message, **known) -> Envelope:
    assert message.kind == "command" or owner(message.topic) == source
    return Envelope(body=message, source=source, correlation_id=NO_ID, time=NOON, **known)


def later(world: World, **by) -> None:
    world.now += timedelta(**by)
