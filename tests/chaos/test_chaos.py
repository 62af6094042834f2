"""A minute of chaos: shoppers place orders while parts are killed, frozen and disconnected.

All promises must hold here. The recovery times are measured by `make chaos`, which has a limit and where processes
start cold.
"""

import asyncio
import secrets

from local.supervisor import cold
from shared.testing.warm import launching
from tests.chaos import report
from tests.chaos.run import run

LAUNCH = launching(cold, own_group=True)


def test_no_promise_is_broken_in_a_minute_of_chaos():
    found = asyncio.run(run(secrets.randbelow(1_000_000), 60, launch=LAUNCH))
    assert found.violations == [], report.summary(found)
