"""`make bench-workers`: what a second process of a service brings to what that service limits.

On two cores that everything shares, no service is the limit: all parts together use the cores up. So each process
of the service is slowed down, by freezing it for most of the time. Then it is the limit and the other parts have
room, as on a machine with more cores. Also measured without this: what is left to gain on this machine.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

from bench.ground import Ground, ground
from bench.load import SHORT, Load
from bench.phases import Bench, Figures
from local import system
from local.running import RunningSystem
from local.supervisor import Supervisor
from shared.testing.processes import free_port

RUNS, FROZEN = 0.01, 0.06  # seconds in turns: a seventh of a core for each process
# A service, and the part of the benchmark that it limits.
LIMITED: dict[str, tuple[str, Callable[[Bench], Figures]]] = {
    "marketing": ("quote_rps", Bench.quotes),
    "orders": ("cod_checkouts_per_s", Bench.cash),
}


def measure(bench: Bench) -> Figures:
    """Each part with one and with two processes of its service."""
    found: Figures = {}
    for service, (name, part) in LIMITED.items():
        one = bench.ground.up
        part(bench)  # fills caches and pools
        alone = {slow: _rate(bench, part, name, (one, service), slow=slow) for slow in (True, False)}
        with second(bench.ground, service) as other:
            for slow, before in alone.items():
                both = _rate(bench, part, name, (one, service), (other, service), slow=slow)
                kind = f"{service}: {name}" + ", slowed down" * slow
                found[kind] = {"one": before, "two": both, "ratio": round(both / before, 2)}
                print(f"{kind}: {json.dumps(found[kind])}", file=sys.stderr, flush=True)
    return found


@contextlib.contextmanager
def second(made: Ground, service: str) -> Iterator[RunningSystem]:
    """One more process of a service."""
    listed = next(each for each in system.processes(made.up.site) if each.name == service)
    port = free_port()
    process = replace(listed, environment=listed.environment | {"OBSERVE_PORT": str(port)}, port=port)
    supervisor = Supervisor([process], made.up.site.run_dir / "logs" / "second")
    started = RunningSystem(made.up.site, supervisor, [process])
    supervisor.start()
    try:
        started.wait_ready()
        yield started
    finally:
        supervisor.stop()


def _rate(
    bench: Bench, part: Callable[[Bench], Figures], name: str, *processes: tuple[RunningSystem, str], slow: bool
) -> float:
    with contextlib.ExitStack() as stack:
        for process in processes if slow else ():
            stack.enter_context(slowed_down(*process))
        return float(part(bench)[name])


@contextlib.contextmanager
def slowed_down(up: RunningSystem, name: str) -> Iterator[None]:
    """Freeze a process in turns."""
    over = threading.Event()

    def turns() -> None:
        while not over.wait(RUNS):
            up.kill(name, signal.SIGSTOP)
            over.wait(FROZEN)
            up.kill(name, signal.SIGCONT)

    turning = threading.Thread(target=turns)
    turning.start()
    try:
        yield
    finally:
        over.set()
        turning.join()


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench.workers")
    options.add_argument("--short", action="store_true", help="shows only that it works")
    short = options.parse_args().short
    load = SHORT if short else Load(shoppers=60, connections=64)
    with ground(products=60 if short else 1000, accounts=load.shoppers) as made:
        bench = Bench(made, load)
        found = measure(bench) | bench.audit()
    print(json.dumps({"workers": found, "errors": bench.errors, "cores": os.cpu_count()}))


if __name__ == "__main__":
    main()
