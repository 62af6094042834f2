"""Posting notifications: connections are kept, and replaced when the merchant has closed them."""

import asyncio
import threading
from contextlib import contextmanager
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sandbox.posting import Poster, _understood


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


def post(url, *bodies, before=lambda _: None):
    """The statuses of these notifications, posted one after the other."""

    async def check():
        poster = Poster(timeout=0.5)
        try:
            return [(before(body), await poster.post(url, body, {}))[1] for body in bodies]
        finally:
            poster.close()

    return asyncio.run(check())


def test_notifications_share_a_connection(shop):
    assert post(shop.url, b"0", b"1", b"2") == [200] * 3
    assert (shop.bodies, len(shop.connections)) == ([b"0", b"1", b"2"], 1)


def test_a_connection_that_the_merchant_has_closed_is_replaced(shop):
    shop.closing = True
    assert post(shop.url, b"x", b"x", b"x") == [200] * 3
    assert len(shop.bodies) == len(shop.connections) == 3


def test_a_notification_without_a_response_in_time_is_not_posted_again_at_once(shop):
    with pytest.raises(TimeoutError):
        post(shop.url, b"first", b"second", before=lambda body: body == b"second" and shop.silent.set())
    assert shop.bodies == [b"first", b"second"]


def test_a_redirect_is_not_followed(shop):
    shop.status = 302
    assert post(shop.url, b"x") == [302]
    assert len(shop.bodies) == 1


def test_an_unreachable_merchant_is_an_error():
    with pytest.raises(ConnectionRefusedError):
        post("http://127.0.0.1:9/notifications", b"x")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", (204, 0)),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n", (200, 17)),
        (b"HTTP/1.1 500\r\nTransfer-Encoding: chunked\r\n\r\n", (500, None)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n", (200, None)),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n", (200, None)),
    ],
)
def test_a_connection_is_kept_only_if_the_end_of_the_response_is_known(head, expected):
    assert _understood(head) == expected


def test_what_is_not_http_is_an_error():
    with pytest.raises(HTTPException):
        _understood(b"220 mail.example ESMTP\r\n\r\n")
