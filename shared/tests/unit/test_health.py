"""The health pages answer at once, from the last results of the checks."""

import json
import threading
import time
import urllib.request

import pytest

from shared.health import Health, serve
from shared.testing import eventually


@pytest.fixture
def health():
    found = []

    def started(**checks):
        found.append(Health(checks, every=0.02))
        found[-1].start()
        return found[-1]

    yield started
    for one in found:
        one.stop()


def test_a_process_is_ready_when_every_check_passes(health):
    pages = health(database=lambda: None, broker=lambda: True)
    eventually(lambda: pages.answer("/health/ready")[0] == 200)


def test_a_check_that_raises_or_returns_false_is_named(health):
    pages = health(fine=lambda: True, database=lambda: 1 / 0, broker=lambda: False)
    eventually(lambda: pages.failing() == ["database", "broker"])
    status, _, body = pages.answer("/health/ready")
    assert status == 503
    assert b"database" in body
    assert pages.answer("/health/live")[0] == 200


def test_vs_04_a_process_that_was_ready_is_degraded_without_its_broker_alone(health):
    available = {"broker": True, "database": True}
    pages = health(database=lambda: available["database"], broker=lambda: available["broker"])

    def shown():
        status, _, body = pages.answer("/health/ready")
        return status, json.loads(body)

    eventually(lambda: shown() == (200, {"status": "ready", "failing": []}))
    available["broker"] = False
    eventually(lambda: shown() == (200, {"status": "degraded", "failing": ["broker"]}))
    available["database"] = False
    eventually(lambda: shown() == (503, {"status": "unready", "failing": ["database", "broker"]}))
    available["broker"] = True
    eventually(lambda: shown() == (503, {"status": "unready", "failing": ["database"]}))
    available["database"] = True
    eventually(lambda: shown() == (200, {"status": "ready", "failing": []}))


def test_vs_04_a_process_that_never_had_its_broker_is_unready(health):
    pages = health(database=lambda: True, broker=lambda: False)
    eventually(lambda: pages.failing() == ["broker"])
    assert pages.answer("/health/ready")[0] == 503


def test_a_check_that_hangs_delays_no_page_and_no_other_check(health):
    never = threading.Event()
    pages = health(database=never.wait, broker=lambda: True)
    eventually(lambda: pages.failing() == ["database"])
    started = time.monotonic()
    assert pages.answer("/health/ready")[0] == 503
    assert time.monotonic() - started < 0.5
    never.set()


@pytest.mark.parametrize(("given", "address"), [({}, "127.0.0.1"), ({"OBSERVE_ADDRESS": "0.0.0.0"}, "0.0.0.0")])
def test_the_pages_are_served_on_loopback_unless_configured_otherwise(monkeypatch, given, address):
    monkeypatch.delenv("OBSERVE_ADDRESS", raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    server = serve(0, Health({}))
    assert server.server_address[0] == address
    server.shutdown()
    server.server_close()


def test_metrics_and_health_are_served_over_http():
    server = serve(0, Health({}))
    address = f"http://127.0.0.1:{server.server_address[1]}"
    with urllib.request.urlopen(f"{address}/metrics") as answer:
        assert b"jishi_outbox_lag_seconds" in answer.read()
    with urllib.request.urlopen(f"{address}/health/ready") as answer:
        assert answer.status == 200
    server.shutdown()
    server.server_close()
