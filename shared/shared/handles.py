"""`@handles(EventOrCommand, …)`: a method that handles messages."""

from shared.broker import Broker
from shared.handlers import HandlerMark


class Handles(HandlerMark):
    """Calls the method with each message of these types, in the transaction that stores its inbox row.

    An event type subscribes to the published event; types in `replies` are replies to this service's commands.

    The method is called with `(work, message)`; with `together`, with `(work, [(message, envelope), …])`, once for
    a batch. `in_advance(work, messages)` reads at once what the method reads for each of several messages. With
    `linger`, a message for which nobody waits may wait so many seconds for others, with which it shares a
    transaction. There is one queue for each topic, however many methods handle it.
    """

    broker = Broker()

    def stop(self) -> None:
        self.broker.drain()


handles = Handles.decorator
