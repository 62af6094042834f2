"""`python -m gateway`: the HTTP server, on GATEWAY_PORT, in GATEWAY_WORKERS processes."""

import resource

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from gateway.config import KIB, Config
from shared import settings

# HTTP/1.1 only: detecting whether a connection begins with HTTP/2 has no time limit, so idle ones would stay open.
PROTOCOL = HTTP1Settings(header_read_timeout=10_000, max_buffer_size=64 * KIB)
SPARE = 3000  # connections of a process beside its streams; further ones wait to be accepted


def main(application: str = "gateway.app:create") -> None:
    """Serve until SIGTERM or SIGINT; requests in progress are answered first."""
    _allow_many_connections()
    Granian(
        application,
        address=settings.text("GATEWAY_ADDRESS", "127.0.0.1"),
        port=settings.whole("GATEWAY_PORT", 8000),
        interface=Interfaces.ASGI,
        workers=settings.whole("GATEWAY_WORKERS", 1),
        factory=True,
        http=HTTPModes.http1,
        http1_settings=PROTOCOL,
        backpressure=settings.whole("MOST_STREAMS", Config.most_streams) + SPARE,
        websockets=False,
        log_access=False,
        log_level="warning",
        respawn_failed_workers=True,
        workers_kill_timeout=20,
    ).serve()


def _allow_many_connections() -> None:
    """Raise the limit of open files to the allowed maximum; by default a process may have 1024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    main()
