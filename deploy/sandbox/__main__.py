"""`python -m sandbox`: serve until SIGTERM or SIGINT, then let what is under way end."""

import asyncio
import signal

import structlog
from granian.constants import Interfaces
from granian.server.embed import Server

from sandbox import app, settings


async def main() -> None:
    told = settings.from_environment()
    server = Server(app.create(told), address=told.host, port=told.port, interface=Interfaces.ASGI)
    server.workers_kill_timeout = 5  # a call that is held open must not hold up the stop
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, server.stop)
    structlog.get_logger().info("sandbox serves", address=f"http://{told.host}:{told.port}")
    await server.serve()


if __name__ == "__main__":
    asyncio.run(main())
