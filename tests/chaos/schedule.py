"""The schedule of faults: drawn from shuffled packs, so that a seed gives one schedule and no fault is omitted."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from tests.chaos.testbed import Testbed

KILLED, FROZEN, STOPPED, CUT_OFF, RESET, ROLLED = (
    "killed",
    "frozen",
    "stopped",
    "cut off",
    "reset",
    "rolled",
)
LONG_FREEZE = 24.0  # seconds: longer than the lease of a call to the provider (20 s), and of a relay (5 s)
TWICE = 0.4  # of the faults of servers and wires hit a process as well


@dataclass(frozen=True)
class Fault:
    """A fault of one part, with its duration where it has one."""

    how: str
    part: str
    seconds: float = 0.0

    def __str__(self) -> str:
        lasting = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.part} {self.how}{lasting}"

    @property
    def kind(self) -> str:
        """The kind by which faults are counted: services are one kind, relays another."""
        role = self.part.rpartition("-")[2]
        if self.part.count("-") and role != "relay":
            return f"wire to {role} {self.how}"
        known = {"gateway", "sandbox", "postgres", "rabbitmq", "redis", "relay", "deployment", "auditor"}
        return f"{role if role in known else 'service'} {self.how}"


def schedule(rng: Random, testbed: Testbed, longest: float = 25.0) -> Iterator[tuple[Fault, ...]]:
    """Servers, processes and wires in turn, each from its own pack, sometimes two at once; and a deployment.

    No fault lasts longer than `longest` seconds, except the freezes that outlast a lease.
    """
    packs = {kind: _pack(rng, cards(testbed)) for kind, cards in _CARDS.items()}
    for cycle in count():
        for turn in _turns(rng, cycle):
            drawn = [turn, "P"] if turn in "SW" and rng.random() < TWICE else [turn]
            yield tuple(_fault(rng, longest, *next(packs[kind])) for kind in drawn)


def _turns(rng: Random, cycle: int) -> list[str]:
    """A deployment and a freeze longer than leases: in the first cycle, then in every third."""
    turns = list("SPWPSPPW")
    if cycle % 3 == 0:
        turns.insert(rng.randint(1, 5), "D")
        turns.insert(rng.randint(0, 2), "L")
    return turns


def _fault(rng: Random, limit: float, how: str, part: str, longest: float) -> Fault:
    """Mostly short faults: a long one shows timeouts, a short one leaves room for others."""
    if longest == LONG_FREEZE:
        return Fault(how, part, longest)
    return Fault(how, part, 1 + (min(longest, limit) - 1) * rng.random() ** 2 if longest else 0.0)


def _pack(rng: Random, cards: list) -> Iterator:
    while True:
        yield from rng.sample(cards, len(cards))


def _of_servers(testbed: Testbed) -> list:
    return [
        card
        for name in testbed.servers
        for card in ((KILLED, name, 15), (FROZEN, name, 25), (CUT_OFF, name, 25), (RESET, name, 15))
    ]


def _of_processes(testbed: Testbed) -> list:
    return [
        card for name in testbed.processes for card in ((KILLED, name, 0), (FROZEN, name, 20), (STOPPED, name, 0))
    ]


def _of_wires(testbed: Testbed) -> list:
    return [card for name in testbed.wires.by_name for card in ((CUT_OFF, name, 25), (RESET, name, 15))]


def _of_leases(testbed: Testbed) -> list:
    """Payments first: a provider call that is repeated by another process when the first resumes."""
    holders = [name for name in testbed.processes if name == "payments" or name.endswith("-relay")]
    return [(FROZEN, name, LONG_FREEZE) for name in holders]


def _of_deployments(_testbed: Testbed) -> list:
    return [(ROLLED, "deployment", 0)]


_CARDS = {"L": _of_leases, "S": _of_servers, "P": _of_processes, "W": _of_wires, "D": _of_deployments}
