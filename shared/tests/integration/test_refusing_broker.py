"""A broker that refuses messages, or whose confirms do not arrive: the relay sends them again in order."""

import contextlib
import socket
import struct
import threading

import pytest
from sqlalchemy import text

from shared import topology
from shared.contracts import catalog
from shared.ids import new_id
from shared.link import connect
from shared.testing import eventually
from shared.testing.processes import processes, service_and_relay

BASIC_ACK = struct.pack("!HH", 60, 80)
METHOD, HEADER = 1, struct.Struct("!BHI")


@pytest.fixture
def channel(vhost):
    with connect(vhost) as connection:
        channel = connection.channel()
        topology.declare_exchanges(channel)
        yield channel


def publish(open_work, count):
    """Publish `count` events of one product; returns their ids."""
    product = new_id()
    with open_work() as work:
        events = [
            catalog.ProductWithdrawn(product_id=product, shop_id=new_id(), version=n) for n in range(1, count + 1)
        ]
        return [str(work.publish(event)) for event in events]


def queue_of(channel, **arguments):
    queue = f"outside.{new_id()}"
    channel.queue_declare(queue, exclusive=True, arguments=arguments)
    channel.queue_bind(queue, "events", catalog.ProductWithdrawn.topic)
    return queue


def received(channel, queue, found):
    """The ids received so far, in order of arrival."""
    while message := channel.basic_get(queue, no_ack=True):
        found.append(message.properties["message_id"])
    return found


def unsent(open_work):
    with open_work.engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM outbox WHERE sent_at IS NULL")).scalar()


def test_ob_06_ob_07_a_refused_message_is_sent_again_before_any_other_of_its_subject(
    open_work, database_url, vhost, channel
):
    """A full queue refuses messages by negative confirms until it is read."""
    queue = queue_of(channel, **{"x-max-length": 1, "x-overflow": "reject-publish"})
    published, found = publish(open_work, 8), []
    _, relay = service_and_relay("tally", database_url, vhost)
    with processes(relay):
        refused = 'jishi_outbox_refused_total{topic="catalog.product_withdrawn.v1"}'
        eventually(lambda: relay.metric(refused) > 1)
        assert unsent(open_work) == 7
        eventually(lambda: len(received(channel, queue, found)) == len(published), every=0.1)
        eventually(lambda: unsent(open_work) == 0)
    assert found == published


class ConfirmDropper(threading.Thread):
    """A proxy to the broker that drops the confirms on the first connection."""

    def __init__(self, url):
        super().__init__(daemon=True)
        credentials, _, place = url.rpartition("@")
        address, _, vhost = place.partition("/")
        host, _, port = address.partition(":")
        self.broker = (host, int(port))
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"{credentials}@127.0.0.1:{self.server.getsockname()[1]}/{vhost}"
        self.dropped, self.connections = 0, 0
        self.ends = contextlib.ExitStack()

    def run(self):
        while True:
            try:
                inside = self.ends.enter_context(self.server.accept()[0])
            except OSError:
                return
            outside = self.ends.enter_context(socket.create_connection(self.broker))
            self.connections += 1
            answers = self.all_but_confirms if self.connections == 1 else self.everything
            for copy, ends in ((self.everything, (inside, outside)), (answers, (outside, inside))):
                threading.Thread(target=copy, args=ends, daemon=True).start()

    def everything(self, source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def all_but_confirms(self, source, target):
        with source.makefile("rb") as frames, contextlib.suppress(OSError):
            while head := frames.read(HEADER.size):
                kind, _, size = HEADER.unpack(head)
                rest = frames.read(size + 1)
                if kind == METHOD and rest.startswith(BASIC_ACK):
                    self.dropped += 1
                else:
                    target.sendall(head + rest)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown(socket.SHUT_RDWR)
        self.join()
        self.server.close()
        self.ends.close()


def test_ob_07_a_message_not_confirmed_in_time_is_sent_again_with_the_same_id(
    open_work, database_url, vhost, channel
):
    queue, found = queue_of(channel), []
    published = publish(open_work, 2)
    with ConfirmDropper(vhost) as proxy:
        _, relay = service_and_relay("tally", database_url, proxy.url)
        with processes(relay.through("dying", CHANGED="shared.relay.publisher:CONFIRM_WITHIN=0.5")):
            eventually(lambda: unsent(open_work) == 0)
    assert proxy.dropped == 1
    assert received(channel, queue, found) == [published[0], published[0], published[1]]
