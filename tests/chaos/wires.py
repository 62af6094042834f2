"""Wires: TCP proxies between the system's processes and the servers, which can be cut and repaired.

A cut wire is silent, like a stopped network: written data arrives nowhere and no error is reported. After the
repair it continues, or all open connections are lost.
"""

import asyncio
import contextlib
import socket
import struct
from urllib.parse import urlsplit

CHUNK = 256 * 1024
NO_LINGER = struct.pack("ii", 1, 0)  # SO_LINGER: a reset instead of an orderly close


class Wire:
    """The connection path of one process to one server."""

    def __init__(self, name: str, port: int) -> None:
        self.name, self._target = name, port
        self._whole = asyncio.Event()
        self._whole.set()
        self._ends: set[asyncio.StreamWriter] = set()
        self._connections: set[asyncio.Task] = set()

    async def lay(self) -> None:
        """Listen on a free port."""
        self._consumer = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._consumer.sockets[0].getsockname()[1]

    def cut(self) -> None:
        self._whole.clear()

    def repair(self, *, reset: bool) -> None:
        """Carry data again; with `reset` every open connection is lost."""
        if reset:
            self.break_off()
        self._whole.set()

    def break_off(self) -> None:
        """Reset every connection."""
        for end in list(self._ends):
            _reset(end)
        for connection in list(self._connections):
            connection.cancel()

    async def remove(self) -> None:
        self.break_off()
        self._consumer.close()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.current_task()
        self._connections.add(connection)
        self._ends.add(writer)
        try:
            await self._whole.wait()
            onward = await asyncio.open_connection("127.0.0.1", self._target)
            self._ends.add(onward[1])
            await self._carry((reader, writer), onward)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(connection)
            self._close(writer)

    async def _carry(self, near, onward) -> None:
        """Carry data in both directions until one of them ends."""
        ways = [
            asyncio.create_task(self._pump(near[0], onward[1])),
            asyncio.create_task(self._pump(onward[0], near[1])),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._close(onward[1])

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                await self._whole.wait()
                writer.write(data)
                await writer.drain()
            await self._whole.wait()  # the end of a stream does not pass a cut wire either

    def _close(self, end: asyncio.StreamWriter) -> None:
        self._ends.discard(end)
        end.close()


class Wires:
    """The wires of a system, by (process, server)."""

    def __init__(self) -> None:
        self.by_name: dict[str, Wire] = {}

    async def url_of(self, process: str, server: str, url: str) -> str:
        """The URL by which `process` connects to the server of `url` over a wire."""
        at = urlsplit(url)
        wire = Wire(f"{process}-{server}", at.port)
        await wire.lay()
        self.by_name[wire.name] = wire
        return at._replace(netloc=f"{at.netloc.rpartition(':')[0]}:{wire.port}").geturl()

    def to(self, server: str) -> list[Wire]:
        """All wires to a server."""
        return [wire for name, wire in self.by_name.items() if name.endswith(f"-{server}")]

    async def remove(self) -> None:
        await asyncio.gather(*(wire.remove() for wire in self.by_name.values()))


def _reset(end: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, AttributeError):
        end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    end.transport.abort()
