"""Hashing in a service's process must not block the other greenlets, which share one thread."""

import subprocess
import sys

SCRIPT = """
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


def test_hashing_a_dozen_passwords_does_not_block_other_requests():
    ticks = subprocess.check_output([sys.executable, "-W", "ignore", "-c", SCRIPT], timeout=60)
    assert int(ticks) > 12  # in the main thread there would be at most one tick for each hash
