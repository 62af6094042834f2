"""Cleaning in a service's process must not block the other greenlets, which share one thread."""

import json
import subprocess
import sys

SCRIPT = """
import eventlet
eventlet.monkey_patch()
import json, os
from eventlet import tpool
from catalog.products.use_cases import descriptions
from catalog.products.use_cases.descriptions import Cleaning

levels = []
def clean(html):
    levels.append(os.getpriority(os.PRIO_PROCESS, 0))
    return real(html)
real, descriptions.clean = descriptions.clean, clean

descriptions.TIMEOUT = 60  # on a busy machine a thread of low priority may have to wait longer than a request does
cleaning, worst = Cleaning(run=tpool.execute), "<a>" + "&" * 13_000 + "</a>"
running = [eventlet.spawn(cleaning, worst) for _ in range(12)]
ticks = 0
while not all(one.dead for one in running):
    eventlet.sleep(0.0001)
    ticks += 1
assert all(one.wait() == real(worst) for one in running)
print(json.dumps({"ticks": ticks, "levels": levels, "here": os.getpriority(os.PRIO_PROCESS, 0)}))
"""


def test_cleaning_a_dozen_descriptions_does_not_block_other_requests():
    result = json.loads(subprocess.check_output([sys.executable, "-W", "ignore", "-c", SCRIPT], timeout=120))
    assert result["ticks"] > 12  # in the main thread there would be at most one tick for each
    assert min(result["levels"]) > result["here"]
