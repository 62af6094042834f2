"""VS-4: processes are alive, ready, degraded or unready while their servers are really stopped or frozen."""

import os
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest
from tally.work import Work

from shared.contracts import catalog
from shared.db import Database
from shared.ids import new_id
from shared.testing import eventually
from shared.testing.processes import service_and_relay

TIMEOUT = 40  # seconds: a server that does not respond is noticed after 20, an answer is valid for 10


@pytest.fixture(scope="module")
def tally(database):
    factory = Database.standalone("tally", Work, database)
    yield factory
    factory.engine.dispose()


@pytest.fixture(scope="module")
def both(own, rabbitmq, database, keys):
    """Tally and its relay, started before their broker."""
    rabbitmq.stop()
    started = service_and_relay("tally", database, own.amqp_url, **keys)
    for process in started:
        process.start(ready=False)
    yield started
    rabbitmq.start()
    for process in started:
        process.kill()


def wait_for(processes, *expected):
    """Wait until the processes have these statuses, and assert that they are alive."""
    try:
        eventually(lambda: tuple(process.readiness() for process in processes) == expected, within=TIMEOUT)
    except AssertionError as late:
        raise AssertionError(f"{late}: {[process.page('/health/ready') for process in processes]}") from None
    assert [process.page("/health/live")[0] for process in processes] == [200, 200]


@pytest.fixture
def ready(both, rabbitmq):
    """Both processes, with both servers running."""
    if not rabbitmq.running():
        rabbitmq.start()
    wait_for(both, "ready", "ready")
    return both


@contextmanager
def frozen(postgres):
    """Suspend the whole server: connections remain open and nothing answers."""
    postmaster = int((postgres.data / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGSTOP)  # first, so that it starts no new process
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text()
    pids = [postmaster, *map(int, children.split())]
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in reversed(pids):
            os.kill(pid, signal.SIGCONT)


def test_vs_04_a_process_that_has_never_reached_the_broker_is_alive_and_unready(both, rabbitmq):
    eventually(lambda: all(p.page("/health/ready")[1].endswith('"failing": ["broker"]}') for p in both), within=20)
    wait_for(both, "unready", "unready")
    assert [process.page("/health/ready")[0] for process in both] == [503, 503]
    rabbitmq.start()
    wait_for(both, "ready", "ready")


def test_vs_04_after_losing_the_broker_a_process_is_degraded_and_accepts_work(ready, rabbitmq, tally):
    rabbitmq.stop()
    try:
        wait_for(ready, "degraded", "degraded")
        assert ready[0].page("/health/ready") == (200, '{"status": "degraded", "failing": ["broker"]}')
        checkout = new_id()
        with tally() as work:
            work.publish(catalog.ReleaseStock(checkout_id=checkout))
    finally:
        rabbitmq.start()
    wait_for(ready, "ready", "ready")

    def done():
        with tally() as work:
            return work.times(checkout) == 1

    eventually(done, within=20)


def test_vs_04_without_its_database_a_process_is_unready(ready, postgres):
    postgres.stop()
    try:
        wait_for(ready, "unready", "unready")
        assert '"failing": ["database"]' in ready[0].page("/health/ready")[1]
    finally:
        postgres.start()
    wait_for(ready, "ready", "ready")


def test_vs_04_with_a_frozen_database_a_process_is_unready(ready, postgres):
    with frozen(postgres):
        wait_for(ready, "unready", "unready")
    wait_for(ready, "ready", "ready")
