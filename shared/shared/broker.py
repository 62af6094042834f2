"""A service's access to the broker under nameko: one connection, a consumer for every topic, an orderly stop.

nameko stops entrypoints first, then waits for its workers, then stops dependencies, then everything else. So the
entrypoints drain (cancel, finish, acknowledge), and the connection closes after all of them.
"""

import threading
from typing import Any

from nameko.extensions import SharedExtension

from shared import message_encoding, settings, topology
from shared.batches import Batches
from shared.consumer import Consumer
from shared.db import Database, OpenWork
from shared.delivery import Policy
from shared.ended_sessions import EndedSessions
from shared.forwarding import Mover
from shared.handlers import Handler, handlers
from shared.joint import Joined, Joint
from shared.link import Link, Member
from shared.operating.dead_letter_store import DeadLetterConsumer
from shared.operating.process_reports import Load


class Broker(SharedExtension):
    """The connection of a service and the consumers of its topics."""

    def __init__(self) -> None:
        super().__init__()
        self.members: list[Member] = []
        self.consumers: list[Consumer] = []
        self._loops: list[Any] = []
        self._drained: threading.Event | None = None

    def start(self) -> None:
        """Begin to connect, in the background: a service starts although the broker is down."""
        self.policy = Policy.from_environment()
        mover = Mover()
        self.consumers = self._consumers(mover)
        self.link = Link(settings.text("AMQP_URL"), name=self.container.service_name, prepare=self._declare)
        members: list[Member] = [EndedSessions(), mover, *self.consumers, *self.members]
        for member in members:  # RPC requests come last: requests that have started are answered
            self.link.join(member)
        self._loops = [self.container.spawn_managed_thread(consumer.run) for consumer in self.consumers]
        self._reader = self.container.spawn_managed_thread(self.link.run)

    def drain(self) -> None:
        """Stop the consumers and wait until their current batches are acknowledged. Called by every entrypoint."""
        if self._drained:
            self._drained.wait()
            return
        self._drained = threading.Event()
        for consumer in self.consumers:
            consumer.stop()
        for loop in self._loops:
            loop.wait()
        self._drained.set()

    def stop(self) -> None:
        """Close the connection: the last thing a service does."""
        self.drain()
        self.link.close()
        self._reader.wait()

    def instance(self) -> Any:
        """A new instance of the service with its dependencies, as nameko makes one for each call."""
        service = self.container.service_cls()
        for provider in self.container.dependencies:
            setattr(service, provider.attr_name, provider.get_dependency(None))
        return service

    @property
    def open_work(self) -> OpenWork[Any] | None:
        """The service's database, if it has one."""
        found = [provider for provider in self.container.dependencies if isinstance(provider, Database)]
        return found[0].open_work if found else None

    @property
    def loads(self) -> dict[str, Load]:
        """What this process has in hand of each queue, and has handled since its start."""
        return {each.queue: Load(each.unacknowledged, each.handled) for each in self.consumers}

    def _declare(self, channel: Any) -> None:
        topology.declare(channel, [self.container.service_cls], self.policy)

    def _consumers(self, mover: Mover) -> list[Consumer]:
        joint, received = Joint(settings.whole("HANDLER_WORKERS", 4)), handlers(self.container.service_cls)
        consumers = [self._consumer(topic, found, mover, joint) for topic, found in received.items()]
        return [*consumers, *self._dead_letters(mover)]

    def _dead_letters(self, mover: Mover) -> list[Consumer]:
        database = self.open_work
        return [DeadLetterConsumer(self.container.service_name, database, mover)] if database else []

    def _consumer(self, topic: str, found: list[Handler], mover: Mover, joint: Joint) -> Consumer:
        database = self.open_work
        if database is None:
            raise TypeError(f"{self.container.service_name} handles messages, but has no Database for its inbox")
        batches = Batches(topic, found, self.instance, database, policy=self.policy)
        service = self.container.service_name
        queue = message_encoding.queue_name(service, topic)
        linger = min(handler.linger for handler in found)
        return Consumer(service, queue, Joined(joint, batches), mover, probe=database.probe, linger=linger)
