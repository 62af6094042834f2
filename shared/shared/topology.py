"""Declares the exchanges and queues on the broker, including the retry ladder.

    python -m shared.topology                for all services; may be repeated
    python -m shared.topology orders users   for these
    rabbitmqctl -q list_queues name | python -m shared.topology --unowned    lists queues that no service uses

Names come from service and topic, never from a method, so that renaming a method loses nothing:

    events (topic), commands (direct)   exchanges; the routing key is the topic
    replies (direct)                    exchange; the routing key is the queue of the command's sender
    orders:catalog.stock_reserved.v1    the messages of a topic for orders
    dead.orders                         dead letters of orders, with the cause in the headers
    retry.10s                           a rung: after 10 s the message returns to the queue in its routing key
    events.stream                       all events, for replay and external systems
    sessions.ended                      a stream of the sessions that ended in the last hour, for every process

Dead-lettering is at-least-once everywhere: the default may lose messages when the broker crashes.
"""

import importlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from shared import manifest, messages, settings
from shared.contracts.users import SessionEnded
from shared.delivery import Policy
from shared.handlers import Handler, handlers
from shared.message_encoding import EVENTS, EXCHANGES, RPC, dead_letter_queue, exchange_of, queue_name, rung_name

STREAM = "events.stream"
ENDED_SESSIONS = "sessions.ended"
DELIVERY_LIMIT = 20  # deliveries of a message that kills its process every time
SAFE_DEAD_LETTERING = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}


@dataclass(frozen=True)
class Queue:
    """A queue with its arguments and bindings (exchange, routing key)."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    bindings: tuple[tuple[str, str], ...] = ()


def service_class(name: str) -> Any:
    """The class of a service: the one in `<name>.service` with this `name`."""
    module = importlib.import_module(f"{name}.service")
    found = [c for c in vars(module).values() if isinstance(c, type) and getattr(c, "name", None) == name]
    if len(found) != 1:
        raise LookupError(f"{name}.service has {len(found)} classes named {name!r}")
    return found[0]


def service_queues(service: Any) -> list[Queue]:
    """The queues of a service: one for each topic that it handles, and its dead letters."""
    dead = Queue(dead_letter_queue(service.name), {"x-queue-type": "quorum"})
    return [dead, *(_home(service.name, topic, found) for topic, found in handlers(service).items())]


def rungs(policy: Policy) -> list[Queue]:
    """The ladder, one for the whole system."""
    return [
        Queue(
            rung_name(seconds),
            {
                "x-queue-type": "quorum",
                "x-message-ttl": int(seconds * 1000),
                "x-dead-letter-exchange": "",  # the routing key is the name of the queue to return to
                **SAFE_DEAD_LETTERING,
            },
            ((rung_name(seconds), ""),),
        )
        for seconds in policy.rungs
    ]


def stream() -> Queue:
    """The event stream, kept for a week or 5 GB, whichever is less."""
    kept = {"x-max-age": "7D", "x-max-length-bytes": 5_000_000_000, "x-stream-max-segment-size-bytes": 50_000_000}
    return Queue(STREAM, {"x-queue-type": "stream", **kept}, ((EVENTS, "#"),))


def ended_sessions() -> Queue:
    """The stream of ended sessions, kept for longer than a token is valid."""
    kept = {"x-max-age": "1h", "x-max-length-bytes": 100_000_000, "x-stream-max-segment-size-bytes": 1_000_000}
    return Queue(ENDED_SESSIONS, {"x-queue-type": "stream", **kept}, ((EVENTS, SessionEnded.topic),))


def declare_exchanges(channel: Any) -> None:
    """Declare the exchanges; `channel` is py-amqp's."""
    for name, kind in (*EXCHANGES, (RPC, "topic")):
        channel.exchange_declare(name, kind, durable=True, auto_delete=False)


def declare(channel: Any, services: Iterable[Any], policy: Policy | None = None) -> None:
    """Declare the queues and exchanges of these services. Targets of dead-lettering come first."""
    policy = policy or Policy.from_environment()
    declare_exchanges(channel)
    for queue in [
        stream(),
        ended_sessions(),
        *(queue for service in services for queue in service_queues(service)),
    ]:
        _declare(channel, queue)
    for rung in rungs(policy):
        channel.exchange_declare(rung.name, "fanout", durable=True, auto_delete=False)
        _declare(channel, rung)


def unowned(names: Iterable[str], services: Iterable[Any], policy: Policy | None = None) -> list[str]:
    """The queues among these names that no service consumes any more, without RPC queues."""
    own = {queue.name for service in services for queue in service_queues(service)}
    own |= {rung.name for rung in rungs(policy or Policy.from_environment())} | {STREAM, ENDED_SESSIONS}
    return sorted(n for n in names if n and n not in own and not n.startswith(("rpc-", "rpc.", "amq.")))


def _home(service: str, topic: str, found: Iterable[Handler]) -> Queue:
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": dead_letter_queue(service),
        **SAFE_DEAD_LETTERING,
    }
    name = queue_name(service, topic)
    kinds = sorted({kind for handler in found for kind in handler.kinds})
    bindings = ((exchange_of(kind), name if kind == messages.REPLY else topic) for kind in kinds)
    return Queue(name, arguments, tuple(bindings))


def _declare(channel: Any, queue: Queue) -> None:
    channel.queue_declare(queue.name, durable=True, auto_delete=False, arguments=queue.arguments)
    for exchange, key in queue.bindings:
        channel.queue_bind(queue.name, exchange, key)


def main(arguments: list[str]) -> None:
    """Declare everything, or with --unowned print which queues of standard input no service owns."""
    from shared.link import connect  # noqa: PLC0415 - --unowned needs no broker

    named = [name for name in arguments if not name.startswith("--")]
    services = [service_class(name) for name in named or manifest.get().service_names]
    if "--unowned" in arguments:
        sys.stdout.writelines(f"{name}\n" for name in unowned(map(str.strip, sys.stdin), services))
        return
    with connect(settings.text("AMQP_URL")) as connection:
        declare(connection.channel(), services)


if __name__ == "__main__":
    main(sys.argv[1:])
