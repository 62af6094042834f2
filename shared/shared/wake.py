"""A datagram wakes the relay after a commit. One that is lost does no harm: the relay also looks by itself.

On one machine it stays on the loopback. Where service and relay have a container each, RELAY_WAKE_HOST is
the relay's name there. The datagram is empty, so whoever else may send one can only make the relay look.
"""

import contextlib
import socket
import time
from functools import lru_cache

from shared import settings

LOOPBACK = "127.0.0.1"
FRESH = 30.0  # seconds for which a name's address is believed


def wake_relay() -> None:
    """Tell the relay that there is something to send; never fails, for what it tells of has been committed."""
    port = settings.whole("RELAY_WAKE_PORT", 0)
    if port:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"", (_address(_host(), int(time.monotonic() / FRESH)), port))


def consumer() -> socket.socket:
    """The relay's end: a socket that becomes readable when it is to look; it never blocks."""
    waker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    waker.bind((LOOPBACK if _host() == LOOPBACK else "", settings.whole("RELAY_WAKE_PORT", 0)))
    waker.setblocking(False)
    return waker


def _host() -> str:
    return settings.text("RELAY_WAKE_HOST", LOOPBACK)


@lru_cache(maxsize=1)
def _address(host: str, _round: int) -> str:
    return socket.gethostbyname(host)
