"""A wire carries data, is silent when it is cut, and continues or loses its connections when it is repaired."""

import asyncio
import contextlib

import pytest

from tests.chaos.wires import Wire

SILENT = 0.3  # seconds without an answer


async def echo(reader, writer):
    with contextlib.suppress(OSError):
        while data := await reader.read(100):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextlib.asynccontextmanager
async def wired():
    """A wire to a server that echoes, and a connection over it."""
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    wire = Wire("a-b", server.sockets[0].getsockname()[1])
    await wire.lay()
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    try:
        yield wire, reader, writer
    finally:
        writer.close()
        await wire.remove()
        server.close()


async def echoes(reader, writer, sent):
    writer.write(sent)
    return await asyncio.wait_for(reader.readexactly(len(sent)), SILENT)


def run(check):
    asyncio.run(check())


def test_a_wire_transmits_in_both_directions():
    async def check():
        async with wired() as (_, reader, writer):
            assert await echoes(reader, writer, b"hello") == b"hello"

    run(check)


def test_a_cut_wire_delivers_nothing_until_it_is_repaired():
    async def check():
        async with wired() as (wire, reader, writer):
            wire.cut()
            with pytest.raises(TimeoutError):
                await echoes(reader, writer, b"hello")
            wire.repair(reset=False)
            assert await asyncio.wait_for(reader.readexactly(5), 5) == b"hello"

    run(check)


def test_a_reset_wire_loses_its_connections_and_accepts_new_ones():
    async def check():
        async with wired() as (wire, reader, writer):
            assert await echoes(reader, writer, b"hello") == b"hello"
            wire.cut()
            wire.repair(reset=True)
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await asyncio.wait_for(reader.readexactly(1), 5)
            again = await asyncio.open_connection("127.0.0.1", wire.port)
            assert await echoes(*again, b"hello") == b"hello"
            again[1].close()

    run(check)


def test_a_cut_wire_accepts_no_connection():
    async def check():
        async with wired() as (wire, _, _):
            wire.cut()
            late = await asyncio.open_connection("127.0.0.1", wire.port)
            with pytest.raises(TimeoutError):
                await echoes(*late, b"hello")
            wire.repair(reset=False)
            assert await asyncio.wait_for(late[0].readexactly(5), 5) == b"hello"
            late[1].close()

    run(check)
