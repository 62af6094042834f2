"""Hashing in a service's process, whose greenlets share one thread: the others must go on."""

import subprocess
import sys

STORY = """
import eventlet
eventlet.monkey_patch()
import time
from eventlet import tpool
from users.sessions.passwords import Passwords

passwords = Passwords(run=tpool.execute)
hashing = [eventlet.spawn(passwords.hash, "crunchy armchair") for _ in range(12)]
ticks = 0
while not all(one.dead for one in hashing):
    eventlet.sleep(0.001)
    ticks += 1
assert all(one.wait().startswith("$argon2id$") for one in hashing)
print(ticks)
"""


def test_a_dozen_sign_ins_do_not_stop_the_other_requests():
    told = subprocess.check_output([sys.executable, "-W", "ignore", "-c", STORY], timeout=60)
    assert int(told) > 12  # on the service's own thread there would be one tick for each hash at most
