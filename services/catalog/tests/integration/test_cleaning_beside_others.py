"""Cleaning descriptions in a service's process, whose greenlets share one thread: the others must go on."""

import json
import subprocess
import sys

STORY = """
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

cleaning, worst = Cleaning(run=tpool.execute), "<a>" + "&" * 13_000 + "</a>"
running = [eventlet.spawn(cleaning, worst) for _ in range(12)]
ticks = 0
while not all(one.dead for one in running):
    eventlet.sleep(0.0001)
    ticks += 1
assert all(one.wait() == real(worst) for one in running)
print(json.dumps({"ticks": ticks, "levels": levels, "here": os.getpriority(os.PRIO_PROCESS, 0)}))
"""


def test_a_dozen_descriptions_are_cleaned_behind_the_other_requests():
    told = json.loads(subprocess.check_output([sys.executable, "-W", "ignore", "-c", STORY], timeout=60))
    assert told["ticks"] > 12  # on the service's own thread there would be one tick for each at most
    assert min(told["levels"]) > told["here"]
