"""Events of the services, received by one queue per gateway process: they outdate cached answers and wake streams.

An event only signals a change; the current state is read from the service. So nothing is lost when the queue is
deleted with its connection: cached answers are dropped then, and all streams are woken after the reconnect.
"""

from collections.abc import Iterator
from uuid import UUID

from aio_pika.abc import AbstractChannel, AbstractConnection

from gateway.confirmations import confirmed
from gateway.memory import Memory
from gateway.route import Json
from gateway.wakeups import Wakeups
from gateway.wire import Wire, passed_over
from shared import auth, message_encoding
from shared.contracts.catalog import AvailabilityChanged, ProductChanged, ProductPublished, ProductWithdrawn
from shared.contracts.orders import OrderConfirmed, OrderPlaced
from shared.contracts.users import SessionEnded, ShopApproved, ShopChanged, ShopSuspended

EVENTS = "events"
TOPICS = (
    "orders.#",
    "payments.#",
    *(
        event.topic
        for event in (
            AvailabilityChanged,
            ProductChanged,
            ProductPublished,
            ProductWithdrawn,
            SessionEnded,
            ShopApproved,
            ShopChanged,
            ShopSuspended,
        )
    ),
)
IDS = ("checkout_id", "order_id", "payment_id", "product_id", "session_id", "shop_id")
# A suspended shop is suspended by users, and its products are hidden by catalog; so it is with its name.
CONCERNED = {each.topic: ("users", "catalog") for each in (ShopApproved, ShopChanged, ShopSuspended)}

# A product's own events change nothing else of its shop, and no stream shows products. Uploads send thousands, so
# nothing else is done for them.
OF_A_PRODUCT = {ProductChanged.topic, ProductPublished.topic, ProductWithdrawn.topic}

# The orders of a checkout are visible before this event, and it changes nothing in them.
CHANGES_NOTHING = {OrderPlaced.topic}


class Changes:
    """Receives the events of other processes' changes; a member of the connection to the broker."""

    def __init__(self, wakeups: Wakeups, memory: Memory) -> None:
        self._wakeups, self._memory = wakeups, memory

    async def opened(self, connection: AbstractConnection, wire: Wire) -> AbstractChannel:
        """Bind a queue of this process, keep answers from now on, and wake all streams."""
        channel = await connection.channel(publisher_confirms=False)
        exchange = await channel.declare_exchange(EVENTS, passive=True)  # the gateway's user may not declare it
        queue = await channel.declare_queue(exclusive=True, auto_delete=True, arguments={"x-max-length": 10_000})
        for topic in TOPICS:
            await queue.bind(exchange, topic)
        wire.consume((await channel.get_underlay_channel()).number, self.received)
        await queue.consume(passed_over, no_ack=True)
        self._memory.open()
        self._wakeups.wake_all()
        return channel

    def lost(self) -> None:
        """Events are missed from now on. The streams stay open and are woken after the reconnect."""
        self._memory.close()

    def received(self, topic: str, _correlation_id: str, data: bytes) -> None:
        """An event of a change."""
        if topic in CHANGES_NOTHING:
            return
        if topic in OF_A_PRODUCT:
            self._memory.answers.changed((topic, f"catalog {message_encoding.decode(data)['product_id']}"))
            return
        body = message_encoding.decode(data)
        if topic == SessionEnded.topic:
            auth.end_session(UUID(body["session_id"]))
        self._memory.told(topic, body)
        ids = set(ids_of(body))
        owners = CONCERNED.get(topic) or (topic.partition(".")[0],)
        outdated = [topic, *(f"{owner} {one}" for owner in owners for one in ids)]
        if topic == OrderConfirmed.topic:
            about = f"orders {body.get('checkout_id')}"
            self._memory.answers.revise(about, outdated, lambda checkout: confirmed(checkout, body))
        else:
            self._memory.answers.changed(outdated)
        self._wakeups.wake(*ids)


def ids_of(body: Json) -> Iterator[str]:
    """The ids that an event is about."""
    yield from (body[name] for name in IDS if body.get(name))
    yield from body.get("sku_ids") or ()
