"""`python -m sandbox`: serve until SIGTERM or SIGINT, then let calls in progress end."""

import asyncio
import signal

import structlog
import uvloop
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from sandbox import app, settings
from shared.observe import configure_logs

# One process: the embedded server runs in this event loop, so that no worker is left behind when it is killed.
STOP_SECONDS = 5  # a call that is kept open must not delay the stop


async def main() -> None:
    configure_logs("sandbox")
    configured = settings.from_environment()
    server = Server(
        app.create(configured),
        address=configured.host,
        port=configured.port,
        interface=Interfaces.ASGI,
        log_level=LogLevels.error,
        log_dictconfig={"loggers": {"_granian": {"propagate": True}}},  # into the log of this process
    )
    server.workers_kill_timeout = STOP_SECONDS
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, server.stop)
    structlog.get_logger().info(
        "sandbox_serves", address=f"http://{configured.host}:{configured.port}", state=configured.state
    )
    await server.serve()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
