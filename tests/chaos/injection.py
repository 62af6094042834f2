"""The injection of faults: one after another, each ended and its recovery measured before the next."""

import asyncio
from random import Random

from tests.chaos import faults, recovery
from tests.chaos.provider_faults import ProviderFaults
from tests.chaos.record import Record
from tests.chaos.schedule import ROLLED, schedule
from tests.chaos.testbed import Testbed


async def inject(
    testbed: Testbed,
    canary: recovery.Canary,
    at_provider: ProviderFaults,
    record: Record,
    rng: Random,
    seconds: float,
) -> None:
    """Inject faults for this many seconds; the last recovery may take longer."""
    clock = asyncio.get_running_loop().time
    until = clock() + seconds
    for injected in schedule(rng, testbed, longest=max(5.0, min(25.0, seconds / 6))):
        await asyncio.sleep(min(rng.uniform(0.3, 2), max(until - clock(), 0)))
        if clock() >= until:
            return
        async with at_provider.paused():
            await recovery.measure_calm(canary, record)
        await _one(testbed, canary, at_provider, record, injected)


async def _one(testbed, canary, at_provider, record, injected: tuple[faults.Fault, ...]) -> None:
    record.line(" and ".join(map(str, injected)))
    record.faults.update(fault.kind for fault in injected)
    before = record.answers.copy()
    try:
        answered = await faults.inject(testbed, injected)
    except faults.StillDown as failure:
        record.violated(f"{' and '.join(map(str, injected))}: {failure}")
        return
    failed = _failed(record.answers - before)
    record.line(f"    answers again; failed requests meanwhile: {failed or 'none'}")
    record.rolled.update(failed if injected[0].how == ROLLED else {})
    kind = injected[0].kind if len(injected) == 1 else "two at once"
    async with at_provider.paused():
        await recovery.measure(canary, record, kind, answered)


def _failed(answers) -> dict:
    """The failed requests, which the clients retried."""
    return {name: count for name, count in answers.items() if not isinstance(name, int) or name >= 500}
