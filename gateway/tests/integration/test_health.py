"""VS-4: the gateway before its first connection to the broker, connected, and after losing it."""

import sys
import tempfile
from pathlib import Path

import httpx
import pytest

from gateway.tests.conftest import new_keys
from gateway.tests.integration.conftest import Running
from local.servers import Servers
from shared import topology
from shared.link import connect
from shared.testing import eventually
from shared.testing.processes import free_port

DEGRADED = {"status": "degraded", "failing": ["broker"]}


@pytest.fixture(scope="module")
def broker():
    """A running broker used by no other test."""
    with tempfile.TemporaryDirectory() as folder:
        given = {"POSTGRES_URL": "postgresql://nobody.needs.it", "REDIS_URL": "redis://nobody.needs.it"}
        servers = Servers(Path(folder), given=given)
        servers.start()
        yield servers
        servers.stop()


@pytest.fixture(scope="module")
def rabbitmq(broker):
    return broker.own()[0]


@pytest.fixture(scope="module")
def gateway(broker, rabbitmq, redis_url, tmp_path_factory):
    """The gateway, started before its broker."""
    with connect(broker.amqp_url) as connection:
        topology.declare_exchanges(connection.channel())
    rabbitmq.stop()
    media, port = tmp_path_factory.mktemp("media"), free_port()
    (media / "chair.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    address = broker.caller_urls(broker.amqp_url)["gateway"]
    settings = {"AMQP_URL": address, "REDIS_URL": redis_url, "GATEWAY_PORT": str(port), **new_keys()}
    started = Running([sys.executable, "-m", "gateway"], port, MEDIA_DIR=str(media), **settings)
    yield started
    started.stop(within=30)


def page(gateway, path):
    return httpx.get(f"{gateway.url}{path}", timeout=5)


def health(gateway):
    """Its readiness; it is alive all the time."""
    assert page(gateway, "/health/live").status_code == 200
    answer = page(gateway, "/health/ready")
    return answer.status_code, answer.json()


def is_up(gateway):
    try:
        return page(gateway, "/health/live").status_code == 200
    except httpx.TransportError:
        return False


def test_vs_04_the_gateway_is_unready_until_it_was_connected_and_degraded_when_the_broker_stops(gateway, rabbitmq):
    eventually(lambda: is_up(gateway), within=30)
    assert health(gateway) == (503, {"status": "unready", "failing": ["broker"]})
    rabbitmq.start()
    eventually(lambda: health(gateway) == (200, {"status": "ready", "failing": []}), within=20)
    rabbitmq.stop()
    eventually(lambda: health(gateway) == (200, DEGRADED), within=30)
    assert page(gateway, "/docs").status_code == page(gateway, "/media/chair.svg").status_code == 200
    requested = page(gateway, "/api/v1/shops")
    assert (requested.status_code, requested.headers["retry-after"]) == (503, "1")
    rabbitmq.start()
    eventually(lambda: health(gateway)[1]["status"] == "ready", within=20)
