"""The storm: one fault after another, each healed and its recovery measured before the next."""

import asyncio
from random import Random

from tests.chaos import faults, recovery
from tests.chaos.moods import Moods
from tests.chaos.record import Record
from tests.chaos.schedule import ROLLED, schedule
from tests.chaos.stage import Stage


async def storm(
    stage: Stage, canary: recovery.Canary, moods: Moods, record: Record, rng: Random, seconds: float
) -> None:
    """Strike for so many seconds; the last recovery may take longer."""
    clock = asyncio.get_running_loop().time
    until = clock() + seconds
    for struck in schedule(rng, stage, longest=max(5.0, min(25.0, seconds / 6))):
        await asyncio.sleep(min(rng.uniform(0.3, 2), max(until - clock(), 0)))
        if clock() >= until:
            return
        async with moods.peace():
            await recovery.measure_calm(canary, record)
        await _one(stage, canary, moods, record, struck)


async def _one(stage, canary, moods, record, struck: tuple[faults.Fault, ...]) -> None:
    record.line(" and ".join(map(str, struck)))
    record.faults.update(fault.kind for fault in struck)
    before = record.answers.copy()
    try:
        answered = await faults.strike(stage, struck)
    except faults.NeverBack as never:
        record.violated(f"{' and '.join(map(str, struck))}: {never}")
        return
    failed = _failed(record.answers - before)
    record.line(f"    answers again; answered meanwhile with {failed or 'nothing else than answers'}")
    record.rolled.update(failed if struck[0].how == ROLLED else {})
    kind = struck[0].kind if len(struck) == 1 else "two at once"
    async with moods.peace():
        await recovery.measure(canary, record, kind, answered)


def _failed(answers) -> dict:
    """What the clients got instead of an answer, and asked again for."""
    return {name: count for name, count in answers.items() if not isinstance(name, int) or name >= 500}
