"""Messages in the bytes of a connection, however these are divided, and what is left for aiormq."""

import asyncio
from types import SimpleNamespace

import pamqp.frame
import pytest
from pamqp import commands
from pamqp.body import ContentBody
from pamqp.header import ContentHeader
from pamqp.heartbeat import Heartbeat

from gateway import wire
from gateway.wire import Requests, Wire

CHANNEL, OTHER = 3, 4
CONSUMED = pamqp.frame.marshal(commands.Basic.ConsumeOk("tag"), CHANNEL)


class Taken(list):
    """The messages that a consumer was given."""

    def __call__(self, *message):
        self.append(message)


@pytest.fixture
def taken():
    return Taken()


def message(*parts, channel=CHANNEL, key="orders.order_confirmed", **properties):
    """The frames of a delivery."""
    size = sum(map(len, parts))
    frames = [
        commands.Basic.Deliver("tag", 7, False, "events", key),
        ContentHeader(0, size, commands.Basic.Properties(**properties)),
        *map(ContentBody, parts),
    ]
    return b"".join(pamqp.frame.marshal(frame, channel) for frame in frames)


def read(consumer, *blocks):
    """What aiormq reads of these blocks."""

    async def check():
        reader = wire._Reader({CHANNEL: consumer})
        for block in blocks:
            reader.feed_data(block)
        reader.feed_eof()
        reader.feed_eof()  # as asyncio does: at the end of the data, and when the connection is lost
        return await reader.read()

    return asyncio.run(check())


def test_a_message_is_given_to_its_consumer_with_its_correlation_id(taken):
    every = {
        "content_type": "application/json",
        "content_encoding": "utf-8",
        "headers": {"a": "b"},
        "delivery_mode": 1,
        "priority": 3,
        "correlation_id": "c-1",
        "message_id": "m-1",
    }
    assert read(taken, message(b"{}", **every) + message(b"[]", correlation_id="c-2") + message(b"1")) == b""
    key = "orders.order_confirmed"
    assert taken == [(key, "c-1", b"{}"), (key, "c-2", b"[]"), (key, "", b"1")]


def test_messages_may_be_divided_anywhere_and_have_no_body_or_one_of_several_frames(taken):
    whole = message(b"ab", b"c") + CONSUMED + message() + message(b"d")
    for at in range(len(whole)):
        taken.clear()
        assert read(taken, whole[:at], whole[at:]) == CONSUMED
        assert [body for _, _, body in taken] == [b"abc", b"", b"d"]
    assert read(taken, *(whole[at : at + 1] for at in range(len(whole)))) == CONSUMED


def test_frames_of_other_channels_and_other_protocols_are_left_alone(taken):
    other = message(b"{}", channel=OTHER)
    assert read(taken, other[:9], other[9:] + b"AMQP\x00\x00\x09\x01") == other + b"AMQP\x00\x00\x09\x01"
    damaged = message(b"{}")[:-1] + b"\x00"
    assert read(taken, damaged).endswith(b"{}\x00")
    assert taken == []


def test_a_message_that_cannot_be_processed_concerns_no_other(taken):
    def consumer(key, _id, body):
        if body == b"wrong":
            raise ValueError(key)
        taken(body)

    assert read(consumer, message(b"wrong") + message(b"right")) == b""
    assert taken == [(b"right",)]


def test_a_busy_connection_does_not_seem_stuck(taken, monkeypatch):
    monkeypatch.setattr(wire, "BEAT", 0.0)
    read_by_aiormq = read(taken, message(b"{}"))
    assert isinstance(pamqp.frame.unmarshal(read_by_aiormq)[2], Heartbeat)


class Line:
    """Keeps what is sent."""

    sent = b""

    def send(self, frames):
        self.sent += frames

    def frames(self):
        while self.sent:
            size, channel, frame = pamqp.frame.unmarshal(self.sent)
            self.sent = self.sent[size:]
            yield channel, frame


def channel(*, frame_max=131072, is_closed=False):
    connection = SimpleNamespace(connection_tune=SimpleNamespace(frame_max=frame_max))
    return SimpleNamespace(number=CHANNEL, is_closed=is_closed, connection=connection)


def test_a_request_is_written_as_its_frames():
    line = Line()
    requests = Requests(line, channel(frame_max=12), "nameko-rpc", "replies-1")
    requests.send("orders.get_order", "call-1", {"deadline": "1.500", "name": "静"}, 2.5, b"abcdefgh")
    (_, publish), (_, header), *parts = line.frames()
    assert (publish.exchange, publish.routing_key, publish.mandatory) == ("nameko-rpc", "orders.get_order", False)
    assert header.body_size == 8
    assert {name: value for name, value in header.properties if value} == {
        "content_type": "application/json",
        "content_encoding": "utf-8",
        "headers": {"deadline": "1.500", "name": "静"},
        "delivery_mode": 1,
        "correlation_id": "call-1",
        "reply_to": "replies-1",
        "expiration": "2500",
        "message_id": "call-1",
    }
    assert [(number, part.value) for number, part in parts] == [(CHANNEL, b"abcd"), (CHANNEL, b"efgh")]


def test_nothing_is_sent_on_a_closed_channel_or_connection():
    with pytest.raises(ConnectionError):
        Requests(Line(), channel(is_closed=True), "nameko-rpc", "r").send("orders.get_order", "1", {}, 1, b"{}")
    with pytest.raises(ConnectionError):
        Wire().send(b"")
