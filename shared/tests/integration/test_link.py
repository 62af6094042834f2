"""The connection of a service when the network to the broker drops everything."""

import socket
import threading
from urllib.parse import urlsplit

import pytest

from shared import link
from shared.link import Link
from shared.testing import eventually


class Proxy:
    """A proxy to the broker that can drop all data of its connections without closing them."""

    def __init__(self, url):
        at = urlsplit(url)
        self._broker = (at.hostname, at.port)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._ends = []
        self._dropped = threading.Event()
        port = self._server.getsockname()[1]
        self.url = at._replace(netloc=f"{at.username}:{at.password}@127.0.0.1:{port}").geturl()
        threading.Thread(target=self._accept, daemon=True).start()

    def drop(self):
        """Drop all data of the present connections; new connections are served."""
        self._dropped.set()
        self._dropped = threading.Event()

    def close(self):
        self._server.close()
        for end in self._ends:
            end.close()

    def _accept(self):
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            far = socket.create_connection(self._broker)
            self._ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._forward, args=(one, other, self._dropped), daemon=True).start()

    @staticmethod
    def _forward(source, target, dropped):
        try:
            while (data := source.recv(65536)) and not dropped.is_set():
                target.sendall(data)
        except OSError:
            return


class Member:
    """A member of the link that counts its channels."""

    channels = 0

    def opened(self, _channel):
        self.channels += 1

    def lost(self):
        pass


@pytest.fixture
def proxy(vhost):
    made = Proxy(vhost)
    yield made
    made.close()


def test_an_unresponsive_connection_is_closed_and_reopened(proxy, monkeypatch):
    monkeypatch.setattr(link, "HEARTBEAT", 1)
    monkeypatch.setattr(link, "TIMEOUT", 0.2)
    member, connection = Member(), Link(proxy.url)
    connection.join(member)
    reader = threading.Thread(target=connection.run)
    reader.start()
    try:
        eventually(lambda: connection.is_open)
        proxy.drop()
        eventually(lambda: member.channels == 2 and connection.is_open)
    finally:
        connection.close()
        reader.join(10)
