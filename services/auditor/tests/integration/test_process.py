"""The auditor as a process without a broker."""

import os
import subprocess
import sys


def test_without_a_broker_the_audit_is_incomplete_and_exits_with_2():
    settings = {
        "AMQP_URL": "amqp://guest:guest@127.0.0.1:1/",
        "AUDITOR_EMAIL": "a@b.example",
        "AUDITOR_PASSWORD": "x" * 16,
    }
    command = [sys.executable, "-m", "auditor", "--settled"]
    ended = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("audit incomplete: users does not answer")
    assert ended.stdout == ""
