"""Faults of the payment provider: its next answers are late, lost, refused or forged."""

import asyncio
import contextlib
from random import Random

from tests.chaos.clients import Broken
from tests.chaos.people import Provider
from tests.chaos.record import Record

ROUTES = ("prepay", "query", "close", "refund", "query_refund")
EFFECTS = ("delay", "delay", "drop", "error", "forge")


class ProviderFaults:
    """Random faults for the sandbox from a seeded generator, one every few seconds."""

    def __init__(self, provider: Provider, record: Record, rng: Random) -> None:
        self._provider, self._record, self._rng = provider, record, rng
        self._allowed = asyncio.Event()
        self._allowed.set()

    async def run(self) -> None:
        """Add faults until cancelled."""
        while True:
            await asyncio.sleep(self._rng.uniform(1, 4))
            fault = {
                "route": self._rng.choice(ROUTES),
                "effect": self._rng.choice(EFFECTS),
                "calls": self._rng.randint(1, 3),
                "seconds": self._rng.uniform(0.5, 8),
                "done": self._rng.random() < 0.5,
            }
            await self._allowed.wait()
            with contextlib.suppress(Broken):
                await self._provider.add_fault(**fault)
                self._record.faults[f"provider {fault['effect']}"] += 1

    @contextlib.asynccontextmanager
    async def paused(self):
        """No new faults in this block, so that a recovery measures the system only."""
        self._allowed.clear()
        try:
            await self._provider.clear_faults()
            yield
        finally:
            self._allowed.set()
