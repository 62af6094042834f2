"""`make run` in the foreground, with dummy processes."""

import os
import signal
import subprocess
import sys
import textwrap
import urllib.request
from urllib.error import URLError

import pytest

from local.ports import Ports
from local.waiting import wait_until

FOREGROUND = textwrap.dedent("""
    import sys
    from pathlib import Path
    from local import demo, run, running, supervisor, system
    from local.ports import Ports

    run.RUN_DIR = Path(sys.argv[1])
    web = ("python3", "-m", "http.server", "--bind", "127.0.0.1", "--directory", sys.argv[1])
    toys = {"steady": web, "broken": (*web, "--no-such-option"), "slow": ("sleep", "600")}

    def site(servers, run_dir, **_):
        return system.Site(run_dir, {}, "", "", Ports(run_dir))

    def listed(site):
        for name in sys.argv[2:]:
            port = site.ports.get(name)
            yield supervisor.Process(name, (*toys[name], str(port)), {}, port)

    run.web.build = lambda: None
    running.prepare = site
    running.READY_WITHIN = 2
    system.processes = lambda site: list(listed(site))
    demo.load = lambda site: None
    run.main()
""")


@pytest.fixture
def foreground(tmp_path):
    (tmp_path / "health").mkdir()
    (tmp_path / "health" / "ready").write_text('{"status": "ready"}')
    elsewhere = {"POSTGRES_URL": "postgresql://-", "REDIS_URL": "redis://-", "AMQP_URL": "amqp://-"}
    started = []

    def start(*toys):
        process = subprocess.Popen(
            [sys.executable, "-c", FOREGROUND, str(tmp_path), *toys],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | elsewhere,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def read_until(process, text):
    for line in process.stdout:
        if text in line:
            return
    raise AssertionError(f"{text!r} was not printed")


def serves(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=1):
            return True
    except URLError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_stops_all_processes_with_status_0(foreground, tmp_path, number):
    process = foreground("steady")
    read_until(process, "Ctrl-C stops it all")
    assert serves(Ports(tmp_path).get("steady"))
    process.send_signal(number)
    reported, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert reported.endswith("stopping\nall stopped\n")
    assert not serves(Ports(tmp_path).get("steady"))


def test_an_interrupt_during_the_start_stops_what_was_started(foreground, tmp_path):
    process = foreground("steady", "slow")
    wait_until(lambda: serves(Ports(tmp_path).get("steady")), "the first process runs", seconds=10, every=0.1)
    process.send_signal(signal.SIGINT)
    reported, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert reported.endswith("all stopped\n")
    assert not serves(Ports(tmp_path).get("steady"))


def test_a_second_interrupt_changes_nothing(foreground):
    process = foreground("steady")
    read_until(process, "Ctrl-C stops it all")
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    reported, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert reported.endswith("all stopped\n")


def test_a_process_that_does_not_get_ready_is_reported_with_its_log_and_the_others_are_stopped(
    foreground, tmp_path
):
    process = foreground("steady", "broken")
    reported, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "not ready within 2 s: broken" in reported
    assert "unrecognized arguments: --no-such-option" in reported
    assert not serves(Ports(tmp_path).get("steady"))


def test_a_second_system_in_the_same_folder_is_refused(foreground):
    read_until(foreground("steady"), "Ctrl-C stops it all")
    reported, _ = foreground("steady").communicate(timeout=30)
    assert "already runs from this folder" in reported
