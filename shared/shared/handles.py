"""`@handles(EventOrCommand, …)`: a method that listens."""

from shared.broker import Broker
from shared.handlers import HandlerMark


class Handles(HandlerMark):
    """Calls the method with each message of these types, in the transaction that also remembers it.

    A type of event means the fact, which anybody may say to everybody; `replies` are answers to commands that
    this service gave.

    The method is given `(work, message)`; with `together`, `(work, [(message, envelope), …])`, all that a
    batch brought. The broker reads the queues: one for each topic, however many methods handle it.
    """

    broker = Broker()

    def stop(self) -> None:
        self.broker.drain()


handles = Handles.decorator
