"""The relay's reaction to the broker's reasons for closing a connection."""

import pytest
from pika.exceptions import AMQPConnectionError, ChannelClosedByBroker, ConnectionClosedByBroker

from shared.relay.publisher import Publisher


class Callbacks:
    """Records whether a message is suspected."""

    def opened(self):
        pass

    def lost(self, _unconfirmed, *, provoked):
        self.provoked = provoked


@pytest.mark.parametrize(
    ("reason", "suspected"),
    [
        (ChannelClosedByBroker(406, "message too large"), True),
        (ConnectionClosedByBroker(501, "frame error"), True),
        (ConnectionClosedByBroker(541, "internal error"), True),
        (ConnectionClosedByBroker(320, "shutting down"), False),
        (ChannelClosedByBroker(403, "no right to write"), False),
        (ChannelClosedByBroker(404, "no exchange"), False),
        (ConnectionClosedByBroker(530, "vhost deleted"), False),
        (AMQPConnectionError("reset by peer"), False),
    ],
)
def test_a_message_is_suspected_only_for_reasons_that_a_message_can_cause(reason, suspected):
    publisher, callbacks = Publisher("amqp://localhost", "tally", None), Callbacks()
    publisher._callbacks, publisher.is_open = callbacks, True
    publisher._lost(reason)
    assert callbacks.provoked is suspected
