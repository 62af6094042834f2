"""One run: start, inject faults, drain, check, report."""

import asyncio
import contextlib
import time
from random import Random

from local.supervisor import cold
from tests.chaos import checks, injection, report, settling
from tests.chaos.clients import Connections
from tests.chaos.limit import limited
from tests.chaos.people import FEW, Carrier, Market, Provider, Shopper
from tests.chaos.promises import Promises
from tests.chaos.provider_faults import ProviderFaults
from tests.chaos.record import Record
from tests.chaos.recovery import Canary
from tests.chaos.shoppers import Actors, shop
from tests.chaos.testbed import ROOT, testbed

RATE = 2.0  # scenarios a second
BESIDES = 600.0  # seconds at most besides the faults: start, last recovery, drain and checks


async def run(seed: int, seconds: float, *, rate: float = RATE, output=print, launch=cold) -> report.Result:
    """The whole run; afterwards nothing is left running. `launch` starts the processes of the system."""
    ROOT.mkdir(parents=True, exist_ok=True)
    record, phases = Record(ROOT / f"{seed}.log", output=output), {}
    record.line(f"seed {seed}, {seconds:g} s, {rate:g} scenarios a second")
    try:
        async with limited(seconds + BESIDES, record):
            with _timed(phases, "all"):
                await _on_testbed(record, phases, seed, seconds, rate, launch)
    finally:
        found = report.result(record, seed, seconds, phases)
        report.store(found, ROOT)
        record.close()
    return found


async def _on_testbed(record, phases, seed, seconds, rate, launch):
    began = time.monotonic()
    async with testbed(seed, record.line, launch) as built, _participants(built, record, seed) as (actors, canary):
        phases["start"] = time.monotonic() - began
        with _timed(phases, "faults"):
            await _inject(built, actors, canary, actors.shoppers[0].connections, seed, seconds, rate)
        record.line("no more faults; draining")
        with _timed(phases, "drain"):
            await checks.close_open_sales(actors)
            await checks.let_refunds_arrive(actors)
            await _check(record, settling.drain, built)
        record.line("drained; checking")
        with _timed(phases, "checks"):
            await checks.check_promises(actors)
            await _check(record, settling.audit, built, record)


@contextlib.asynccontextmanager
async def _participants(built, record, seed):
    """The participants, signed in."""
    connections, provider = (
        Connections(built.up.url, Random(f"{seed} rng")),
        Provider(built.site.sandbox_url, record),
    )
    rng, promises = Random(f"{seed} people"), Promises()
    try:
        market = Market(built, connections, record)
        await market.open(rng)
        shoppers = [await Shopper(connections, record).register(rng, promises) for _ in range(FEW)]
        actors = Actors(market, Carrier(built, connections, record), provider, promises, record, shoppers)
        shopper = await Shopper(connections, record).register(rng, promises)
        yield actors, Canary(shopper, actors, next(iter(market.skus.values()))[0], Random(f"{seed} canary"))
    finally:
        await connections.close()
        await provider.close()


async def _inject(built, actors, canary, connections, seed, seconds, rate):
    at_provider = ProviderFaults(actors.provider, actors.record, Random(f"{seed} provider"))
    async with asyncio.TaskGroup() as together:
        together.create_task(shop(actors, seed, rate, seconds))
        injecting = together.create_task(at_provider.run())
        await injection.inject(built, canary, at_provider, actors.record, Random(f"{seed} faults"), seconds)
        injecting.cancel()
    await actors.provider.clear_faults()
    await connections.repeated()


async def _check(record, find, *about):
    for violation in await asyncio.to_thread(lambda: list(find(*about))):
        record.violated(violation)


@contextlib.contextmanager
def _timed(phases, name):
    began = time.monotonic()
    try:
        yield
    finally:
        phases[name] = round(time.monotonic() - began, 1)
