"""The frames of a published message are those that pika would send."""

import math
from types import SimpleNamespace

import pika.frame
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pika.exceptions import UnsupportedAMQPFieldException

from shared.relay import frames

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
NUMBER, FRAME_MAX = 3, 64


def by_pika(exchange, key, headers, message_id, body):
    properties = pika.BasicProperties(
        message_id=message_id, content_type="application/json", delivery_mode=2, headers=headers
    )
    largest = FRAME_MAX - 8
    return b"".join(
        (
            pika.frame.Method(NUMBER, pika.spec.Basic.Publish(0, exchange, key, mandatory=True)).marshal(),
            pika.frame.Header(NUMBER, len(body), properties).marshal(),
            *(
                pika.frame.Body(NUMBER, body[part * largest : (part + 1) * largest]).marshal()
                for part in range(math.ceil(len(body) / largest))
            ),
        )
    )


def encoded(exchange="events", key="catalog.product_changed.v1", headers=None, message_id="1", body=b"{}"):
    channel = SimpleNamespace(
        channel_number=NUMBER, connection=SimpleNamespace(params=SimpleNamespace(frame_max=FRAME_MAX))
    )
    return frames.encoded(
        channel, exchange, key, headers=headers or {}, message_id=message_id, body=body, mandatory=True
    )


@given(
    exchange=st.sampled_from(["", "events"]),
    key=NAMES,
    headers=st.dictionaries(NAMES, TEXTS | st.integers(0, 2**40) | st.none() | st.booleans(), max_size=4),
    body=st.binary(max_size=3 * FRAME_MAX),
)
def test_a_message_is_written_as_pika_writes_it(exchange, key, headers, body):
    assert encoded(exchange, key, headers, "m-1", body) == by_pika(exchange, key, headers, "m-1", body)


def test_what_amqp_cannot_carry_is_refused():
    with pytest.raises(ValueError, match="bytes must be in range"):
        encoded(key="k" * 256)
    with pytest.raises(ValueError, match="bytes must be in range"):
        encoded(headers={"静" * 100: "long"})
    with pytest.raises(UnicodeEncodeError):
        encoded(headers={"name": "\ud800"})
    with pytest.raises(UnsupportedAMQPFieldException):
        encoded(headers={"name": object()})
