"""The import worker as a real process."""

import os
from types import SimpleNamespace

import pytest

from catalog import import_worker
from shared.testing import eventually
from shared.testing.processes import Process

FILE = "Handle,Title,Variant Price\nmug,Mug,5\npot,Pot,7\n"


@pytest.fixture
def worker(database_url):
    process = Process(["catalog.import_worker"], {"DATABASE_URL": database_url})
    yield process
    process.kill()


def test_the_worker_has_low_priority_and_stops_on_sigterm(market, worker):
    made = market.call("import_products", shop="lakeside", csv=FILE)
    worker.start()
    get = lambda: market.call("get_import", import_id=made["import_id"])  # noqa: E731
    eventually(lambda: get()["state"] == "done", within=20)
    assert get()["report"]["products"]["created"] == 2
    eventually(lambda: worker.metric('jishi_imports_total{outcome="done"}') == 1, within=10)
    assert worker.metric("jishi_imports_waiting") == 0
    assert os.getpriority(os.PRIO_PROCESS, worker.pid) > os.getpriority(os.PRIO_PROCESS, 0)
    assert worker.stop() == 0


def test_after_a_failure_the_worker_waits_and_continues(monkeypatch):
    def fail(*_):
        raise RuntimeError

    monkeypatch.setattr(import_worker, "process_next", fail)
    stopping = SimpleNamespace(wait=lambda _seconds: False)
    assert import_worker.work(None, stopping) == import_worker.AFTER_FAILURE


def test_memory_is_limited(monkeypatch):
    limits = []
    monkeypatch.setattr(import_worker.resource, "setrlimit", lambda what, both: limits.append((what, both[0])))
    import_worker.limit_memory(1024)
    assert limits == [(import_worker.resource.RLIMIT_AS, 2**30)]
