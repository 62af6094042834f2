"""A forked program behaves like any other process and only starts faster."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from local.system import SERVICES
from shared.testing import eventually
from shared.testing.processes import cold
from shared.testing.warm import Forked, launching

REPORT = """
    import json, os, random, sys
    from shared.ids import new_id
    print(json.dumps({
        "name": __name__, "arguments": sys.argv[1:], "folder": os.getcwd(), "first": sys.path[0],
        "pid": os.getpid(),
        "setting": os.environ.get("SETTING"), "home": os.environ.get("HOME"),
        "group": os.getpgid(0),
        "random": random.random(), "id": str(new_id()), "known": sorted(m for m in sys.modules if "." not in m),
    }))
    sys.exit(7)
"""
WAITING = "import signal; print('waiting', flush=True); signal.pause()"


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Start a program; with `shared.run` among its arguments it is forked from the nursery patched by eventlet."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "waiting.py").write_text(WAITING)
    (tmp_path / "report.py").write_text(textwrap.dedent(REPORT))
    log, started = tmp_path / "log", []
    log.touch()

    def starting(module, *arguments, own_group=False, **environment):
        command = [sys.executable, "-m", module, *arguments]
        started.append(launching(cold, own_group=own_group)(command, environment, log))
        return started[-1]

    starting.log = log
    yield starting
    for program in started:
        program.kill()


def reports(start):
    return [json.loads(line) for line in start.log.read_text().splitlines()]


@pytest.mark.parametrize("kind", ["plain", "shared.run"])
def test_a_fork_has_its_own_arguments_environment_folder_log_and_exit_status(start, tmp_path, kind):
    program = start("report", kind, SETTING="one")
    assert isinstance(program, Forked)
    assert program.wait(20) == program.poll() == 7
    (found,) = reports(start)
    assert (found["name"], found["arguments"], found["pid"]) == ("__main__", [kind], program.pid)
    assert (found["setting"], found["home"]) == ("one", None)
    assert found["folder"] == found["first"] == str(tmp_path)


def test_two_forks_draw_different_random_numbers_and_ids(start):
    for _ in range(2):
        assert start("report").wait(20) == 7
    one, other = reports(start)
    assert one["random"] != other["random"]
    assert one["id"] != other["id"]


@pytest.mark.parametrize("kind", ["plain", "shared.run"])
def test_a_fork_starts_without_modules_of_services(start, kind):
    start("report", kind).wait(20)
    known = set(reports(start)[0]["known"])
    assert "shared" in known
    assert not known & {*SERVICES, "auditor", "gateway", "sandbox", "tally"}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_fork(start, number):
    program = start("waiting")
    eventually(lambda: "waiting" in start.log.read_text())
    program.send_signal(number)
    assert program.wait(20) == -number


def test_a_stopped_fork_waits_until_it_is_continued(start):
    program = start("waiting")
    eventually(lambda: "waiting" in start.log.read_text())
    program.send_signal(signal.SIGSTOP)
    eventually(lambda: "T (stopped)" in Path(f"/proc/{program.pid}/status").read_text())
    program.terminate()
    with pytest.raises(subprocess.TimeoutExpired):
        program.wait(0.2)
    program.send_signal(signal.SIGCONT)
    assert program.wait(20) == -signal.SIGTERM


def test_a_fork_has_its_own_process_group_only_on_request(start):
    start("report", own_group=True).wait(20)
    start("report").wait(20)
    own, ours = reports(start)
    assert own["group"] == own["pid"]
    assert ours["group"] == os.getpgid(0)


PARENT = """
    import signal, sys
    from pathlib import Path
    from shared.testing.processes import cold
    from shared.testing.warm import launching

    print(launching(cold)([sys.executable, "-m", "waiting"], {}, Path(sys.argv[1])).pid, flush=True)
    signal.pause()
"""


def test_a_fork_ends_with_the_process_that_started_it(start):
    code = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(PARENT), str(start.log)]
    with subprocess.Popen(code, stdout=subprocess.PIPE, text=True) as parent:
        pid = int(parent.stdout.readline())
        eventually(lambda: "waiting" in start.log.read_text())
        parent.kill()
    eventually(lambda: not is_running(pid))


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_program_that_needs_another_interpreter_is_not_forked(start):
    program = start("report", LD_PRELOAD="")
    assert isinstance(program, Forked)
    program = start("report", PYTHONHASHSEED="1")
    assert not isinstance(program, Forked)
    assert program.wait(20) == 7
