"""The supervisor, tested with dummy processes."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from local.supervisor import Backoff, Process, Supervisor, rotate, run_all
from local.waiting import wait_until

STEADY = "echo up; exec sleep 600"


def shell(script, name="toy"):
    return Process(name, ("sh", "-c", script))


@pytest.fixture
def supervise(tmp_path):
    started = []

    def start(*processes):
        reported = []
        supervisor = Supervisor(processes, tmp_path, reported.append)
        supervisor.reported = reported
        started.append(supervisor)
        supervisor.start()
        return supervisor

    yield start
    for supervisor in started:
        supervisor.stop()


def pid_of(supervisor, name="toy", other_than=None):
    seen = [other_than]

    def runs():
        running = supervisor.children[name].running
        seen.append(running.pid if running else None)
        return seen[-1] not in (None, other_than)

    wait_until(runs, f"{name} runs", seconds=5)
    return seen[-1]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_gone(pid):
    wait_until(lambda: not alive(pid), f"process {pid} has ended", seconds=5)


def test_a_killed_process_is_restarted(supervise):
    supervisor = supervise(shell(STEADY))
    first = pid_of(supervisor)
    supervisor.kill("toy")
    wait_until(lambda: supervisor.reported, "the crash is reported", seconds=5)
    assert pid_of(supervisor, other_than=first)
    assert supervisor.reported == ["toy ended (SIGKILL); restarting in 0.5 s"]


def test_the_pid_of_a_process_is_stored_beside_its_log_while_it_runs(supervise, tmp_path):
    supervisor, stored = supervise(shell(STEADY)), tmp_path / "toy.pid"

    def is_stored(pid):
        return stored.exists() and stored.read_text() == f"{pid}\n"

    first = pid_of(supervisor)
    wait_until(lambda: is_stored(first), "the pid is stored", seconds=5)
    os.kill(first, signal.SIGKILL)
    second = pid_of(supervisor, other_than=first)
    wait_until(lambda: is_stored(second), "the new pid is stored", seconds=5)
    supervisor.stop()
    assert list(tmp_path.glob("toy.pid*")) == []


def test_the_delay_doubles_up_to_ten_seconds_and_is_reset_by_a_stable_run():
    backoff = Backoff()
    assert [backoff.after(lived=0.1) for _ in range(7)] == [0.5, 1, 2, 4, 8, 10, 10]
    assert backoff.after(lived=60) == 0.5


def test_a_process_that_keeps_crashing_is_reported_with_the_end_of_its_log(supervise, monkeypatch):
    monkeypatch.setattr("local.supervisor.FIRST_DELAY", 0.01)
    supervisor = supervise(shell("echo out-of-memory; exit 3"))
    wait_until(lambda: any("keeps crashing" in line for line in supervisor.reported), "it is reported", seconds=5)
    named = [line for line in supervisor.reported if "keeps crashing" in line]
    assert len(named) == 1
    assert "toy keeps crashing" in named[0]
    assert "    out-of-memory" in named[0]
    assert any("exit status 3" in line for line in supervisor.reported)


def test_a_program_that_cannot_be_started_does_not_disturb_the_others(supervise, monkeypatch):
    start = subprocess.Popen

    def refusing(command, **options):
        if "broken" in command:
            raise OSError("no more processes")
        return start(command, **options)

    monkeypatch.setattr("local.supervisor.subprocess.Popen", refusing)
    supervisor = supervise(Process("broken", ("broken",)), shell(STEADY))
    pid = pid_of(supervisor)
    wait_until(lambda: supervisor.reported, "the failure is reported", seconds=5)
    assert supervisor.reported[0] == "broken ended (no more processes); restarting in 0.5 s"
    assert alive(pid)


def test_a_closed_terminal_does_not_end_the_supervision(tmp_path):
    def closed(line):
        raise BrokenPipeError

    supervisor = Supervisor([shell(STEADY)], tmp_path, closed)
    supervisor.start()
    first = pid_of(supervisor)
    supervisor.kill("toy")
    assert pid_of(supervisor, other_than=first)
    supervisor.stop()


def test_stopping_ends_every_process_and_its_own_children(supervise, tmp_path):
    supervisor = supervise(shell(f"sleep 600 & echo $! > {tmp_path}/grandchild; wait"), shell(STEADY, "other"))
    wait_until((tmp_path / "grandchild").exists, "the grandchild runs", seconds=5)
    wait_until((tmp_path / "grandchild").read_text, "its number is written", seconds=5)
    pids = [pid_of(supervisor), pid_of(supervisor, "other"), int((tmp_path / "grandchild").read_text())]
    supervisor.stop()
    for pid in pids:
        wait_gone(pid)
    assert supervisor.reported == []


def test_a_process_that_ignores_sigterm_is_killed(supervise, monkeypatch):
    monkeypatch.setattr("local.supervisor.GRACE", 0.2)
    supervisor = supervise(shell("trap '' TERM; echo ready; while :; do sleep 0.05; done"))
    wait_until(lambda: "ready" in supervisor.children["toy"].end_of_log(), "it ignores SIGTERM", seconds=5)
    supervisor.stop()
    assert supervisor.reported == ["toy did not stop in time and was killed"]


def test_a_second_interrupt_kills_without_the_grace_period(supervise):
    supervisor = supervise(shell("trap '' TERM; echo ready; while :; do sleep 0.05; done"))
    wait_until(lambda: "ready" in supervisor.children["toy"].end_of_log(), "it ignores SIGTERM", seconds=5)
    supervisor.hurry()
    supervisor.stop()
    assert supervisor.reported == ["toy did not stop in time and was killed"]


def test_a_frozen_process_still_ends(supervise):
    supervisor = supervise(shell(STEADY))
    pid = pid_of(supervisor)
    supervisor.kill("toy", signal.SIGSTOP)
    supervisor.stop()
    wait_gone(pid)


def test_children_do_not_outlive_a_killed_supervisor(tmp_path):
    program = textwrap.dedent(f"""
        import threading
        from pathlib import Path
        from local.supervisor import Process, Supervisor
        supervisor = Supervisor([Process("toy", ("sleep", "600"))], Path({str(tmp_path)!r}))
        supervisor.start()
        while not (child := supervisor.children["toy"].running):
            pass
        print(child.pid, flush=True)
        threading.Event().wait()
    """)
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    with parent:
        child = int(parent.stdout.readline())
        # the parent-death signal is set once it is the program itself
        wait_until(lambda: "sleep" in Path(f"/proc/{child}/comm").read_text(), "it sleeps", seconds=5)
        parent.kill()
    wait_gone(child)


def test_each_process_has_its_own_log_and_the_previous_one_is_kept(supervise, tmp_path):
    (tmp_path / "toy.log").write_text("yesterday\n")
    supervisor = supervise(shell(STEADY))
    wait_until(lambda: "up" in supervisor.children["toy"].end_of_log(), "it logs", seconds=5)
    assert (tmp_path / "toy.log").read_text() == "up\n"
    assert (tmp_path / "toy.log.1").read_text() == "yesterday\n"


def test_a_log_that_grows_too_large_is_rotated_while_its_writer_continues(tmp_path):
    log = tmp_path / "toy.log"
    with log.open("a") as writer:
        writer.write("old" * 100)
        writer.flush()
        rotate(log, limit=200)
        writer.write("new")
    assert log.read_text() == "new"
    assert (tmp_path / "toy.log.1").read_text() == "old" * 100


def test_a_failing_preparation_is_reported_with_its_log_and_leaves_no_process(tmp_path):
    slow = shell(f"echo $$ > {tmp_path}/pid; exec sleep 600", "slow")
    broken = shell(f"while ! [ -s {tmp_path}/pid ]; do sleep 0.01; done; echo no such column; exit 1", "broken")
    with pytest.raises(RuntimeError, match=r"(?s)broken failed:.*no such column"):
        run_all([broken, slow], tmp_path)
    wait_gone(int((tmp_path / "pid").read_text()))


def test_settings_reach_the_process_beside_the_inherited_ones(tmp_path):
    process = Process("toy", ("sh", "-c", "echo $COLOUR $HOME"), {"COLOUR": "vermilion"})
    run_all([process], tmp_path)
    assert (tmp_path / "toy.log").read_text() == f"vermilion {os.environ['HOME']}\n"
