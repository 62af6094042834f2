"""The connection of a service, when the road to the broker swallows everything."""

import socket
import threading
from urllib.parse import urlsplit

import pytest

from shared import link
from shared.link import Link
from shared.testing import eventually


class Road:
    """A way to the broker; what runs on it when it is closed neither arrives nor breaks."""

    def __init__(self, url):
        at = urlsplit(url)
        self._broker = (at.hostname, at.port)
        self._entrance = socket.create_server(("127.0.0.1", 0))
        self._ends = []
        self._open = threading.Event()
        port = self._entrance.getsockname()[1]
        self.url = at._replace(netloc=f"{at.username}:{at.password}@127.0.0.1:{port}").geturl()
        threading.Thread(target=self._accept, daemon=True).start()

    def swallow(self):
        """From now on, what is connected is cut off without a word; new connections are served."""
        self._open.set()
        self._open = threading.Event()

    def close(self):
        self._entrance.close()
        for end in self._ends:
            end.close()

    def _accept(self):
        while True:
            try:
                near, _ = self._entrance.accept()
            except OSError:
                return
            far = socket.create_connection(self._broker)
            self._ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other, self._open), daemon=True).start()

    @staticmethod
    def _carry(one, other, closed):
        try:
            while (data := one.recv(65536)) and not closed.is_set():
                other.sendall(data)
        except OSError:
            return


class Member:
    """Counts its channels."""

    channels = 0

    def opened(self, _channel):
        self.channels += 1

    def lost(self):
        pass


@pytest.fixture
def road(vhost):
    made = Road(vhost)
    yield made
    made.close()


def test_a_connection_that_went_silent_is_closed_and_opened_again(road, monkeypatch):
    monkeypatch.setattr(link, "HEARTBEAT", 1)
    monkeypatch.setattr(link, "TIMEOUT", 0.2)
    member, connection = Member(), Link(road.url)
    connection.join(member)
    reader = threading.Thread(target=connection.run)
    reader.start()
    try:
        eventually(lambda: connection.is_open)
        road.swallow()
        eventually(lambda: member.channels == 2 and connection.is_open)
    finally:
        connection.close()
        reader.join(10)
