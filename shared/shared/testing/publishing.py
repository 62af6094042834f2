"""Puts messages on the broker, as a relay does."""

from typing import Any

import amqp

from shared import wire
from shared.messages import Envelope


def publish(channel: Any, *sealed: Envelope, requester: str = "orders") -> None:
    """Publish envelopes through a channel of py-amqp, and wait until the broker has each.

    Replies go to `requester`. One that is not confirmed may be lost when its connection is closed.
    """
    for one in sealed:
        message = amqp.Message(wire.body(one), application_headers=wire.headers(one), delivery_mode=2)
        key = wire.queue_name(requester, one.body.topic) if one.in_reply_to else one.body.topic
        channel.basic_publish_confirm(message, wire.exchange_of(one.kind), key)
