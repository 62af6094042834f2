"""The gateway and a service as processes, with RabbitMQ and Redis between them."""

import os
import signal
import sys
import tempfile
from pathlib import Path

import httpx
import pytest

from shared import topology
from shared.link import connect
from shared.testing import eventually
from shared.testing.processes import free_port, launch

STAND_IN = Path(__file__).parent / "stand_in.py"


class Running:
    """A process with an HTTP port that reports whether it is ready."""

    def __init__(self, command, port, **environment):
        self.url = f"http://127.0.0.1:{port}"
        log = Path(tempfile.mkstemp(prefix="gateway.", suffix=".log")[1])
        self.process = launch(command, {**os.environ, **environment}, log)

    def until_ready(self):
        eventually(self._is_ready, within=30)
        return self

    def stop(self, within=15):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(within)

    def _is_ready(self):
        try:
            return httpx.get(f"{self.url}/health/ready").json()["status"] == "ready"
        except httpx.TransportError:
            return False


@pytest.fixture
def gateway_amqp_url(servers, amqp_vhost):
    """The URL with the gateway's own user; the exchanges exist, as after a deploy."""
    with connect(amqp_vhost) as connection:
        topology.declare_exchanges(connection.channel())
    return servers.caller_urls(amqp_vhost)["gateway"]


@pytest.fixture
def start_orders(amqp_vhost):
    """Starts a process that stands in for orders; ended with the test."""
    started = []

    def start():
        port = free_port()
        started.append(Running([sys.executable, STAND_IN], port, AMQP_URL=amqp_vhost, OBSERVE_PORT=str(port)))
        return started[-1].until_ready()

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()


@pytest.fixture
def gateway(amqp_vhost, gateway_amqp_url, redis_url):
    port = free_port()
    settings = {"AMQP_URL": gateway_amqp_url, "REDIS_URL": redis_url, "GATEWAY_PORT": str(port)}
    running = Running([sys.executable, "-m", "gateway"], port, **settings, STREAM_HEARTBEAT="0.2").until_ready()
    yield running
    running.process.send_signal(signal.SIGTERM)
    running.process.wait(30)
