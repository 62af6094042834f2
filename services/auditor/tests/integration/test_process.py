"""The auditor as a process: what it says when it cannot look."""

import os
import subprocess
import sys


def test_without_a_broker_it_says_that_it_could_not_look_and_exits_with_2():
    told = {
        "AMQP_URL": "amqp://guest:guest@127.0.0.1:1/",
        "AUDITOR_EMAIL": "a@b.example",
        "AUDITOR_PASSWORD": "x" * 16,
    }
    command = [sys.executable, "-m", "auditor", "--settled"]
    ended = subprocess.run(command, env=os.environ | told, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("could not look: users does not answer")
    assert ended.stdout == ""
