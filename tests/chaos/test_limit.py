"""The time limit of a run."""

import asyncio

import pytest

from tests.chaos.limit import limited
from tests.chaos.record import Record


@pytest.fixture
def record(tmp_path):
    record = Record(tmp_path / "run.log", output=lambda _: None)
    yield record
    record.close()


def test_a_run_that_hangs_ends_and_says_what_it_waited_for(record):
    async def hangs():
        async with limited(0.05, record):
            await waits_for_ever()

    async def waits_for_ever():
        await asyncio.Event().wait()

    asyncio.run(hangs())
    (violation,) = record.violations
    assert "has not ended within 0.05 s" in violation
    assert "hangs:" in violation
    assert "waits_for_ever:" in violation


def test_a_run_that_ends_in_time_is_left_alone(record):
    async def ends():
        async with limited(60, record):
            await asyncio.sleep(0)

    asyncio.run(ends())
    assert record.violations == []


def test_a_run_that_is_interrupted_stays_interrupted(record):
    async def is_interrupted():
        async with limited(60, record):
            asyncio.current_task().cancel()
            await asyncio.sleep(60)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(is_interrupted())
    assert record.violations == []
