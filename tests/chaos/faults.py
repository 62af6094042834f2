"""What goes wrong: cards drawn from a shuffled pack, so that a seed gives a schedule and no kind is forgotten."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from tests.chaos import servers
from tests.chaos.stage import Stage

KILLED, FROZEN, TOLD_TO_STOP, CUT_OFF, RESET, ROLLED = (
    "killed",
    "frozen",
    "told to stop",
    "cut off",
    "reset",
    "rolled",
)
RETURNS_WITHIN = 60.0  # seconds for a part to answer again once it may


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong with one part, for so many seconds where that is ours to say."""

    how: str
    part: str
    seconds: float = 0.0

    def __str__(self) -> str:
        lasting = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.part} {self.how}{lasting}"

    @property
    def kind(self) -> str:
        """What faults are counted by: services are alike, relays too."""
        role = self.part.rpartition("-")[2]
        if self.part.count("-") and role != "relay":
            return f"wire to {role} {self.how}"
        known = {"gateway", "sandbox", "postgres", "rabbitmq", "redis", "relay", "deployment", "auditor"}
        return f"{role if role in known else 'service'} {self.how}"


def schedule(rng: Random, stage: Stage) -> Iterator[Fault]:
    """Servers and processes by turns, each from its own pack; once in a while a deployment rolls."""
    packs = [_pack(rng, _of_servers(stage)), _pack(rng, _of_processes(stage)), _pack(rng, _of_wires(stage))]
    while True:
        for which in (0, 1, 2, 1, 0, 1, 1, 2):
            how, part, longest = next(packs[which])
            yield Fault(how, part, rng.uniform(1, longest) if longest else 0.0)


def _pack(rng: Random, cards: list) -> Iterator:
    while True:
        yield from rng.sample(cards, len(cards))


def _of_servers(stage: Stage) -> list:
    return [
        card
        for name in stage.servers
        for card in ((KILLED, name, 3), (FROZEN, name, 10), (CUT_OFF, name, 8), (RESET, name, 4))
    ]


def _of_processes(stage: Stage) -> list:
    cards = [
        card
        for name in stage.processes
        for card in ((KILLED, name, 0), (FROZEN, name, 8), (TOLD_TO_STOP, name, 0))
    ]
    return [*cards, (ROLLED, "deployment", 0)]


def _of_wires(stage: Stage) -> list:
    return [card for name in stage.wires.by_name for card in ((CUT_OFF, name, 8), (RESET, name, 4))]


async def strike(stage: Stage, fault: Fault) -> float:
    """Do it and heal it; returns the moment at which the part answered again (by the loop's clock)."""
    await _hand_of(stage, fault)(stage, fault)
    return asyncio.get_running_loop().time()


def _hand_of(stage: Stage, fault: Fault) -> Callable:
    if fault.how == ROLLED:
        return _roll
    if fault.how in {CUT_OFF, RESET}:
        return _cut
    return (_SERVERS if fault.part in stage.servers else _PROCESSES)[fault.how]


# ---- processes


async def _end(stage: Stage, name: str, number: int) -> None:
    """Signal a process, and wait until its successor answers on its port."""
    child = stage.up.supervisor.children[name]
    before = child.running.pid if child.running else None
    stage.up.kill(name, number)
    await until(lambda: child.running and child.running.pid != before, f"{name} is started again")
    await answers(stage, name)


async def _kill(stage: Stage, fault: Fault) -> None:
    await _end(stage, fault.part, signal.SIGKILL)


async def _tell_to_stop(stage: Stage, fault: Fault) -> None:
    await _end(stage, fault.part, signal.SIGTERM)


async def _freeze(stage: Stage, fault: Fault) -> None:
    stage.up.kill(fault.part, signal.SIGSTOP)
    try:
        await asyncio.sleep(fault.seconds)
    finally:
        stage.up.kill(fault.part, signal.SIGCONT)
    await answers(stage, fault.part)


async def _roll(stage: Stage, _fault: Fault) -> None:
    """A deployment: one service after another ends its work and is replaced, when the one before is ready."""
    for name in stage.processes:
        if name != "sandbox":
            await _end(stage, name, signal.SIGTERM)
            await until_thread(lambda n=name: stage.up.ready(n), f"{name} is ready")


async def answers(stage: Stage, name: str) -> None:
    await until_thread(lambda: stage.up.alive(name), f"{name} answers on its port")


# ---- servers


async def _kill_server(stage: Stage, fault: Fault) -> None:
    server = stage.servers[fault.part]
    await asyncio.to_thread(servers.kill, server)
    try:
        await asyncio.sleep(fault.seconds)
    finally:
        await asyncio.to_thread(servers.bring_back, server)


async def _freeze_server(stage: Stage, fault: Fault) -> None:
    server = stage.servers[fault.part]
    servers.signal_all(server, signal.SIGSTOP)
    try:
        await asyncio.sleep(fault.seconds)
    finally:
        servers.signal_all(server, signal.SIGCONT)
    await until_thread(server.running, f"{fault.part} answers on its port")


async def _cut(stage: Stage, fault: Fault) -> None:
    wires = stage.wires.to(fault.part) if fault.part in stage.servers else [stage.wires.by_name[fault.part]]
    for wire in wires:
        wire.cut()
    try:
        await asyncio.sleep(fault.seconds)
    finally:
        for wire in wires:
            wire.mend(reset=fault.how == RESET)


_PROCESSES = {KILLED: _kill, TOLD_TO_STOP: _tell_to_stop, FROZEN: _freeze}
_SERVERS = {KILLED: _kill_server, FROZEN: _freeze_server}


class NeverBack(Exception):
    """A part did not answer again."""


async def until(holds: Callable, what: str) -> None:
    """Return when it holds; NeverBack if it does not."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + RETURNS_WITHIN
    while not holds():
        if clock() > deadline:
            raise NeverBack(f"{what}: not within {RETURNS_WITHIN:g} s")
        await asyncio.sleep(0.05)


async def until_thread(holds: Callable, what: str) -> None:
    """The same for a look that blocks."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + RETURNS_WITHIN
    while not await asyncio.to_thread(holds):
        if clock() > deadline:
            raise NeverBack(f"{what}: not within {RETURNS_WITHIN:g} s")
        await asyncio.sleep(0.05)
