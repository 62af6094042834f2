"""A real Prometheus scrapes a real service and its relay, and failures raise alerts."""

import re

import pytest
from tally.work import Work

from local.monitoring import Prometheus
from shared import manifest
from shared.contracts import catalog
from shared.db import Database
from shared.ids import new_id
from shared.testing import eventually, fresh_database
from shared.testing.databases import drop_database
from shared.testing.processes import free_port, service_and_relay

TALLY = manifest.read("[secrets]\n[services.tally]\n")
UNREACHABLE = "amqp://guest:guest@127.0.0.1:1/"  # port 1 is never used
SOON = {"15m": "20s", "10m": "20s", "5m": "10s", "2m": "1s", "1m": "1s", "1h": "30s"}


def shortened(rules):
    """The rules with times short enough for a test."""
    shorter = re.sub(r"\b(15m|10m|5m|2m|1m|1h)\b", lambda found: SOON[found[1]], rules)
    assert "jishi_outbox_lag_seconds) > 60" in shorter
    return shorter.replace("jishi_outbox_lag_seconds) > 60", "jishi_outbox_lag_seconds) > 2").replace(
        "interval: 30s", "interval: 1s"
    )


@pytest.fixture
def database():
    url = fresh_database("tally")
    yield url
    drop_database(url)


@pytest.fixture
def tally(database):
    factory = Database.standalone("tally", Work, database)
    yield factory
    factory.engine.dispose()


@pytest.fixture
def watched(tmp_path):
    """Start a Prometheus for these processes; returns a function for the firing alerts."""
    started = []

    def watch(service, relay):
        addresses = {"tally": f"127.0.0.1:{service._port}", "tally-relay": f"127.0.0.1:{relay._port}"}
        prometheus = Prometheus(tmp_path, free_port(), addresses, TALLY)
        prometheus.lay_out()
        for name in ("prometheus.yml", "rules/jishi.rules.yml"):
            file = tmp_path / name
            file.write_text(
                shortened(file.read_text()) if "rules" in name else file.read_text().replace("15s", "1s")
            )
        started.append(prometheus)
        prometheus.start()
        return lambda: {
            a["labels"]["alertname"]: a["labels"] for a in prometheus.alerts() if a["state"] == "firing"
        }

    yield watch
    for prometheus in started:
        prometheus.stop()


def low(available):
    return catalog.StockLow(sku_id=new_id(), product_id=new_id(), shop_id=new_id(), available=available)


def test_vs_02_ob_12_an_unreachable_broker_and_a_dead_letter_raise_their_alerts(
    database, vhost, keys, tally, watched
):
    service, waiting = service_and_relay("tally", database, UNREACHABLE, **keys)
    waiting.start(ready=False)
    firing = watched(service, waiting)
    try:
        with tally() as work:
            work.publish(low(-1))
        eventually(lambda: {"JishiOutboxLag", "JishiOutboxStuck"} <= set(firing()), within=60, every=0.5)
        assert firing()["JishiOutboxLag"]["service"] == "tally"
        assert "JishiProcessDown" in firing()  # the service is not running yet
    finally:
        waiting.kill()
    there = service_and_relay("tally", database, vhost, OBSERVE_PORT=waiting._port, **keys)
    relay, service = there[1], service_and_relay("tally", database, vhost, OBSERVE_PORT=service._port, **keys)[0]
    try:
        service.start()
        relay.start()
        eventually(lambda: "JishiDeadLetters" in firing(), within=60, every=0.5)
        assert firing()["JishiDeadLetters"]["topic"] == low(-1).topic
        eventually(
            lambda: not {"JishiOutboxLag", "JishiOutboxStuck", "JishiProcessDown"} & set(firing()), within=60
        )
    finally:
        service.kill()
        relay.kill()
