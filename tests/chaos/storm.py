"""The storm: one fault after another, each healed and its recovery measured before the next."""

import asyncio
from random import Random

from tests.chaos import faults, recovery
from tests.chaos.moods import Moods
from tests.chaos.record import Record
from tests.chaos.stage import Stage


async def storm(
    stage: Stage, canary: recovery.Canary, moods: Moods, record: Record, rng: Random, seconds: float
) -> None:
    """Strike for so many seconds; the last recovery may take longer."""
    clock = asyncio.get_running_loop().time
    until = clock() + seconds
    for fault in faults.schedule(rng, stage):
        calm = rng.uniform(0.3, 2)
        await asyncio.sleep(min(calm, max(until - clock(), 0)))
        if clock() >= until:
            return
        await _one(stage, canary, moods, record, fault)


async def _one(stage, canary, moods, record, fault) -> None:
    record.line(str(fault))
    record.faults[fault.kind] += 1
    try:
        answered = await faults.strike(stage, fault)
    except faults.NeverBack as never:
        record.violated(f"{fault}: {never}")
        return
    record.line("    answers again")
    async with moods.peace():
        await recovery.measure(canary, record, fault.kind, answered)
