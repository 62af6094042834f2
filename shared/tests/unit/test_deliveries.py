"""Deliveries are read as py-amqp reads them, however they are divided."""

from struct import pack

import amqp
import pytest
from amqp.channel import Channel
from amqp.exceptions import UnexpectedFrame
from amqp.serialization import decode_properties_basic, dumps
from hypothesis import given
from hypothesis import strategies as st

from shared import frames
from shared.deliveries import DELIVER, FLAGS_AT, properties

CHANNEL = 3
METHOD, HEADER, BODY = 1, 2, 3
TEXTS = st.text(max_size=300)
VALUES = TEXTS | st.integers(0, 1000) | st.none() | st.lists(st.booleans(), max_size=2)
PROPERTIES = st.fixed_dictionaries(
    {},
    optional={
        "content_type": st.text(max_size=60),
        "content_encoding": st.just("utf-8"),
        "application_headers": st.dictionaries(st.text(max_size=30), TEXTS | VALUES, max_size=4),
        "delivery_mode": st.just(2),
        "priority": st.integers(0, 9),
        "correlation_id": st.text(max_size=60),
        "reply_to": st.text(max_size=60),
        "expiration": st.just("1000"),
        "message_id": st.uuids().map(str),
        "timestamp": st.integers(0, 2**40),
        "app_id": st.text(max_size=60),
    },
)


def by_py_amqp(payload):
    return decode_properties_basic(payload, FLAGS_AT)[0]


def header(size=0, **given):
    return pack(">HxxQ", 60, size) + amqp.Message(**given)._serialize_properties()


def method(tag="tag", number=7, redelivered=False, key="catalog.product_changed.v1"):
    return DELIVER + dumps("sLbss", (tag, number, redelivered, "events", key))


@given(given=PROPERTIES)
def test_properties_are_those_that_py_amqp_decodes(given):
    payload = header(**given)
    assert properties(payload) == by_py_amqp(payload)


@given(given=PROPERTIES, at=st.integers(0, 400), byte=st.integers(0, 255), missing=st.integers(0, 3))
def test_damaged_properties_are_what_py_amqp_makes_of_them(given, at, byte, missing):
    payload = bytearray(header(**given))
    payload[FLAGS_AT + at % (len(payload) - FLAGS_AT)] = byte
    damaged = bytes(payload[: len(payload) - missing])
    assert _outcome(properties, damaged) == _outcome(by_py_amqp, damaged)


def _outcome(decode, payload):
    try:
        return decode(payload)
    except Exception as failure:  # noqa: BLE001 - whatever py-amqp raises
        return type(failure)


class Received:
    """A connection with one channel and one consumer, which keeps its messages."""

    def __init__(self, *, auto_decode=False):
        self.messages, self.rejected = [], []
        connection = amqp.Connection(frame_handler=frames.handler)
        self.channel = channel = Channel.__new__(Channel)
        channel.connection, channel.channel_id, channel.is_closing = connection, CHANNEL, False
        channel.auto_decode, channel._pending, channel._callbacks = auto_decode, {}, {}
        channel.callbacks = {"tag": self.messages.append}
        self.channel._setup_listeners()
        self.channel.basic_reject = lambda tag, requeue: self.rejected.append((tag, requeue))
        connection.channels = {CHANNEL: self.channel}
        self.frame = frames.handler(connection, connection.on_inbound_method)

    def read(self, *parts, given=None, **of_method):
        """Read the frames of a message: whether each completed it."""
        size = sum(map(len, parts))
        payloads = [
            (METHOD, method(**of_method)),
            (HEADER, header(size, **given or {})),
            *((BODY, part) for part in parts),
        ]
        return [self.frame((kind, CHANNEL, payload)) for kind, payload in payloads]


@pytest.mark.parametrize("auto_decode", [False, True], ids=["read here", "read by py-amqp"])
def test_a_message_is_given_to_its_consumer_with_all_that_py_amqp_tells_of_it(auto_decode):
    received = Received(auto_decode=auto_decode)
    headers = {"cloudEvents_id": "1", "title": "静", "tries": 2}
    done = received.read(b"ab", b"c", given={"application_headers": headers}, redelivered=True)
    assert done == [False, False, False, True]
    (message,) = received.messages
    assert (message.body, message.headers, message.channel) == (b"abc", headers, received.channel)
    assert message.delivery_info == {
        "consumer_tag": "tag",
        "delivery_tag": 7,
        "redelivered": True,
        "exchange": "events",
        "routing_key": "catalog.product_changed.v1",
    }


def test_a_message_without_a_body_is_complete_with_its_header():
    received = Received()
    assert received.read() == [False, True]
    assert received.read(b"next") == [False, False, True]
    assert [message.body for message in received.messages] == [b"", b"next"]


def test_a_message_for_an_unknown_consumer_is_returned_to_its_queue():
    received = Received()
    received.read(b"a", tag="cancelled", number=9)
    assert (received.messages, received.rejected) == ([], [(9, True)])


def test_a_message_that_arrives_while_its_channel_closes_is_not_handed_over():
    received = Received()
    received.frame((METHOD, CHANNEL, method()))
    received.frame((HEADER, CHANNEL, header(1)))
    received.channel.is_closing = True
    received.frame((BODY, CHANNEL, b"a"))
    received.read(b"a")
    assert received.messages == []


@pytest.mark.parametrize(
    "kinds",
    [(METHOD, METHOD), (METHOD, BODY), (METHOD, HEADER, HEADER), (HEADER,), (BODY,)],
    ids=["two methods", "no header", "two headers", "only a header", "only a body"],
)
def test_frames_in_another_order_break_the_connection(kinds):
    received = Received()
    payloads = {METHOD: method(), HEADER: header(5), BODY: b"a"}
    *before, last = kinds
    for kind in before:
        received.frame((kind, CHANNEL, payloads[kind]))
    with pytest.raises(UnexpectedFrame):
        received.frame((last, CHANNEL, payloads[last]))


def test_reading_deliveries_counts_as_a_sign_of_life():
    received = Received()
    before = received.channel.connection.bytes_recv
    received.read(b"a")
    assert received.channel.connection.bytes_recv > before
