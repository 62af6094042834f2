"""A minute of chaos: shoppers go on while whatever there is is killed, frozen and cut off.

What is promised must hold here; how quickly a part recovers is measured by `make chaos`, which has a bar.
"""

import asyncio
import secrets

from tests.chaos import report
from tests.chaos.run import run


def test_nothing_that_was_promised_is_lost_in_a_minute_of_chaos():
    found = asyncio.run(run(secrets.randbelow(1_000_000), 60))
    assert found.violations == [], report.summary(found)
