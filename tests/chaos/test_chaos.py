"""A minute of chaos: shoppers go on while whatever there is is killed, frozen and cut off.

What is promised must hold here. How quickly a part recovers is measured by `make chaos`, which has a bar and where
processes start from nothing.
"""

import asyncio
import secrets

from local.supervisor import cold
from shared.testing.warm import launching
from tests.chaos import report
from tests.chaos.run import run

LAUNCH = launching(cold, own_group=True)


def test_nothing_that_was_promised_is_lost_in_a_minute_of_chaos():
    found = asyncio.run(run(secrets.randbelow(1_000_000), 60, launch=LAUNCH))
    assert found.violations == [], report.summary(found)
