"""Publishes messages to the broker, as a relay does."""

from typing import Any

import amqp

from shared import message_encoding
from shared.messages import Envelope


def publish(channel: Any, *sealed: Envelope, requester: str = "orders") -> None:
    """Publish envelopes through a channel of py-amqp and wait for each confirm; replies go to `requester`."""
    for one in sealed:
        message = amqp.Message(
            message_encoding.body(one), application_headers=message_encoding.headers(one), delivery_mode=2
        )
        key = message_encoding.queue_name(requester, one.body.topic) if one.in_reply_to else one.body.topic
        channel.basic_publish_confirm(message, message_encoding.exchange_of(one.kind), key)
