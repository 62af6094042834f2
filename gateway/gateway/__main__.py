"""`python -m gateway`: the HTTP server, on GATEWAY_PORT, in GATEWAY_WORKERS processes."""

from granian import Granian
from granian.constants import Interfaces

from shared import settings


def main() -> None:
    """Serve until SIGTERM or SIGINT; requests in hand are answered first."""
    Granian(
        "gateway.app:create",
        address=settings.text("GATEWAY_ADDRESS", "127.0.0.1"),
        port=settings.whole("GATEWAY_PORT", 8000),
        interface=Interfaces.ASGI,
        workers=settings.whole("GATEWAY_WORKERS", 1),
        factory=True,
        websockets=False,
        log_access=False,
        log_level="warning",
        respawn_failed_workers=True,
        workers_kill_timeout=20,
    ).serve()


if __name__ == "__main__":
    main()
