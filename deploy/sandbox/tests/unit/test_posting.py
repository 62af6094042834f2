"""Posting notifications: connections are kept, and replaced when the merchant has closed them."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sandbox.posting import Poster


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def setup(self):
        super().setup()
        self.server.connections.append(self)

    def do_POST(self):
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.silent.is_set():
            self.server.over.wait(10)
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
        self.close_connection = self.server.closing

    def log_message(self, *_):
        """Log nothing, to keep the output of tests clean."""


@contextmanager
def merchant():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.connections, server.bodies, server.status, server.closing = [], [], 200, False
        server.silent, server.over = threading.Event(), threading.Event()
        server.daemon_threads = True
        server.url = f"http://127.0.0.1:{server.server_port}/notifications"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.over.set()
        server.shutdown()


@pytest.fixture
def shop():
    with merchant() as running:
        yield running


@pytest.fixture
def poster():
    made = Poster(timeout=0.5)
    yield made
    made.close()


def test_notifications_share_a_connection(shop, poster):
    assert [poster.post(shop.url, b"%d" % number, {}) for number in range(3)] == [200] * 3
    assert (shop.bodies, len(shop.connections)) == ([b"0", b"1", b"2"], 1)


def test_a_connection_that_the_merchant_has_closed_is_replaced(shop, poster):
    shop.closing = True
    assert [poster.post(shop.url, b"x", {}) for _ in range(3)] == [200] * 3
    assert len(shop.bodies) == len(shop.connections) == 3


def test_a_notification_without_a_response_in_time_is_not_posted_again_at_once(shop, poster):
    poster.post(shop.url, b"first", {})
    shop.silent.set()
    with pytest.raises(TimeoutError):
        poster.post(shop.url, b"second", {})
    assert shop.bodies == [b"first", b"second"]


def test_a_redirect_is_not_followed(shop, poster):
    shop.status = 302
    assert poster.post(shop.url, b"x", {}) == 302
    assert len(shop.bodies) == 1


def test_an_unreachable_merchant_is_an_error(poster):
    with pytest.raises(OSError, match="refused"):
        poster.post("http://127.0.0.1:9/notifications", b"x", {})
