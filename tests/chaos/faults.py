"""Injecting faults into a part, and ending them."""

import asyncio
import signal
from collections.abc import Callable

from tests.chaos import servers
from tests.chaos.schedule import CUT_OFF, FROZEN, KILLED, RESET, ROLLED, STOPPED, Fault
from tests.chaos.testbed import Testbed

RETURNS_WITHIN = 60.0  # seconds for a part to answer again after a fault has ended


async def inject(testbed: Testbed, injected: tuple[Fault, ...]) -> float:
    """Inject and end them; returns when all parts answered again (by the loop's clock)."""
    running = [_injector(testbed, fault)(testbed, fault) for fault in injected]
    for outcome in await asyncio.gather(*running, return_exceptions=True):  # both end before an error is raised
        if isinstance(outcome, BaseException):
            raise outcome
    return asyncio.get_running_loop().time()


def _injector(testbed: Testbed, fault: Fault) -> Callable:
    if fault.how == ROLLED:
        return _roll
    if fault.how in {CUT_OFF, RESET}:
        return _cut
    return (_SERVERS if fault.part in testbed.servers else _PROCESSES)[fault.how]


# ---- processes


async def _end(testbed: Testbed, name: str, number: int) -> None:
    """Signal a process, and wait until its successor answers on its port."""
    child = testbed.up.supervisor.children[name]
    before = child.running.pid if child.running else None
    testbed.up.kill(name, number)
    await until(lambda: child.running and child.running.pid != before, f"{name} is restarted")
    await answers(testbed, name)


async def _kill(testbed: Testbed, fault: Fault) -> None:
    await _end(testbed, fault.part, signal.SIGKILL)


async def _stop(testbed: Testbed, fault: Fault) -> None:
    await _end(testbed, fault.part, signal.SIGTERM)


async def _freeze(testbed: Testbed, fault: Fault) -> None:
    testbed.up.kill(fault.part, signal.SIGSTOP)
    try:
        await asyncio.sleep(fault.seconds)
    finally:
        testbed.up.kill(fault.part, signal.SIGCONT)
    await answers(testbed, fault.part)


async def _roll(testbed: Testbed, _fault: Fault) -> None:
    """A deployment: each service with its relay is stopped and replaced, once the previous one is ready."""
    names = [name for name in testbed.processes if name != "sandbox" and not name.endswith("-relay")]
    for name in names:
        pair = [part for part in (name, f"{name}-relay") if part in testbed.processes]
        await asyncio.gather(*(_end(testbed, part, signal.SIGTERM) for part in pair))
        await until_thread(lambda pair=pair: all(map(testbed.up.ready, pair)), f"{name} is ready")


async def answers(testbed: Testbed, name: str) -> None:
    await until_thread(lambda: testbed.up.alive(name), f"{name} answers on its port")


# ---- servers


async def _kill_server(testbed: Testbed, fault: Fault) -> None:
    server = testbed.servers[fault.part]
    await asyncio.to_thread(servers.kill, server)
    try:
        await asyncio.sleep(fault.seconds)
    finally:
        await asyncio.to_thread(servers.restart, server)


async def _freeze_server(testbed: Testbed, fault: Fault) -> None:
    server = testbed.servers[fault.part]
    servers.signal_all(server, signal.SIGSTOP)
    try:
        await asyncio.sleep(fault.seconds)
    finally:
        servers.signal_all(server, signal.SIGCONT)
    await until_thread(server.running, f"{fault.part} answers on its port")


async def _cut(testbed: Testbed, fault: Fault) -> None:
    wires = testbed.wires.to(fault.part) if fault.part in testbed.servers else [testbed.wires.by_name[fault.part]]
    for wire in wires:
        wire.cut()
    try:
        await asyncio.sleep(fault.seconds)
    finally:
        for wire in wires:
            wire.repair(reset=fault.how == RESET)


_PROCESSES = {KILLED: _kill, STOPPED: _stop, FROZEN: _freeze}
_SERVERS = {KILLED: _kill_server, FROZEN: _freeze_server}


class StillDown(Exception):
    """A part did not answer again."""


async def until(holds: Callable, what: str) -> None:
    """Return when it holds; raises StillDown if it does not."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + RETURNS_WITHIN
    while not holds():
        if clock() > deadline:
            raise StillDown(f"{what}: not within {RETURNS_WITHIN:g} s")
        await asyncio.sleep(0.05)


async def until_thread(holds: Callable, what: str) -> None:
    """The same for a blocking check."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + RETURNS_WITHIN
    while not await asyncio.to_thread(holds):
        if clock() > deadline:
            raise StillDown(f"{what}: not within {RETURNS_WITHIN:g} s")
        await asyncio.sleep(0.05)
