"""Wakes the relay by a UDP datagram after a commit. It may get lost, since the relay also polls.

On one machine it uses the loopback. If service and relay are in separate containers, RELAY_WAKE_HOST is the
relay's host name. The datagram is empty, so any other sender can only cause a poll.
"""

import contextlib
import socket
import time
from functools import lru_cache

from shared import settings

LOOPBACK = "127.0.0.1"
FRESH = 30.0  # seconds for which a resolved address is cached


def wake_relay() -> None:
    """Wake the relay. Failures are ignored: the change is committed, and the relay polls."""
    port = settings.whole("RELAY_WAKE_PORT", 0)
    if port:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"", (_address(_host(), int(time.monotonic() / FRESH)), port))


def receiver() -> socket.socket:
    """The non-blocking socket of the relay, readable once a datagram has arrived."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bound.bind((LOOPBACK if _host() == LOOPBACK else "", settings.whole("RELAY_WAKE_PORT", 0)))
    bound.setblocking(False)
    return bound


def _host() -> str:
    return settings.text("RELAY_WAKE_HOST", LOOPBACK)


@lru_cache(maxsize=1)
def _address(host: str, _round: int) -> str:
    return socket.gethostbyname(host)
