"""The real server, broker and protocol."""

import json
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx
import pika
import pytest

from gateway.tests.doubles import SHOPPER, bearer
from shared.auth import Caller
from shared.contracts.users import SessionEnded
from shared.ids import new_id
from shared.permissions import Role
from shared.testing import eventually

ORDER = str(new_id())
PATH = f"/api/v1/orders/{ORDER}"


def publish(amqp_url, topic, body):
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()  # an unconfirmed message may be lost with the connection
        channel.basic_publish("events", topic, json.dumps(body).encode())


def until_available(gateway):
    """Wait until the gateway, which checks twice a second, has found the started service.

    Slowly: too many requests are refused.
    """
    eventually(lambda: httpx.get(gateway.url + PATH, headers=bearer()).status_code == 200, every=0.2)


def test_a_call_is_answered_by_the_service_which_checks_the_token_again(gateway, start_orders):
    start_orders()
    until_available(gateway)
    answer = httpx.get(gateway.url + PATH, headers=bearer())
    assert answer.json() == {"order_id": ORDER, "state": "placed", "buyer_id": str(SHOPPER.user_id)}


def test_a_refusal_and_a_fault_become_problem_documents(gateway, start_orders):
    start_orders()
    until_available(gateway)
    refusal = httpx.post(f"{gateway.url}{PATH}/cancel", json={"reason_text": "no"}, headers=bearer())
    assert (refusal.status_code, refusal.json()["code"], refusal.json()["state"]) == (
        409,
        "transition_not_allowed",
        "shipped",
    )
    fault = httpx.get(f"{gateway.url}/api/v1/cart", headers=bearer())
    assert (fault.status_code, fault.json()["code"]) == (500, "internal")
    assert "secret" not in fault.text


def test_a_service_that_never_ran_is_unavailable_at_once(gateway):
    began = time.monotonic()
    answer = httpx.get(f"{gateway.url}/api/v1/shops")
    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    assert time.monotonic() - began < 2


def test_an_unavailable_service_is_waited_for_no_longer_than_a_restart_takes(gateway, start_orders):
    orders = start_orders()
    until_available(gateway)
    orders.process.send_signal(signal.SIGKILL)
    orders.process.wait()

    def is_known_to_be_away():
        began = time.monotonic()
        answer = httpx.get(gateway.url + PATH, headers=bearer(), timeout=20)
        return answer.json()["code"] == "service_unavailable" and time.monotonic() - began < 1

    eventually(is_known_to_be_away, within=20, every=0.2)
    start_orders()
    until_available(gateway)


def test_a_restarted_service_is_called_again(gateway, start_orders):
    first = start_orders()
    until_available(gateway)
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    start_orders()
    until_available(gateway)


def test_ten_megabytes_are_refused_before_they_are_sent(gateway):
    place = urlsplit(gateway.url)
    with socket.create_connection((place.hostname, place.port), timeout=5) as connection:
        head = "POST /api/v1/accounts HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Content-Length: {10 * 1024 * 1024}\r\n\r\n{{".encode())
        assert connection.recv(64).startswith(b"HTTP/1.1 413")


def exchange(gateway, *parts):
    """The gateway's answer to these bytes, until it closes the connection."""
    place = urlsplit(gateway.url)
    with socket.create_connection((place.hostname, place.port), timeout=15) as connection:
        for part in parts:
            connection.sendall(part)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_a_client_that_sends_nothing_or_stops_in_the_middle_is_disconnected(gateway):
    unfinished = [(), (b"GET /health/live HT",), (b"GET /health/live HTTP/1.1\r\nHost: gateway\r\nX-A: 1\r\n",)]
    began = time.monotonic()
    with ThreadPoolExecutor() as together:
        assert list(together.map(lambda parts: exchange(gateway, *parts), unfinished)) == [b"", b"", b""]
    assert time.monotonic() - began < 14


def test_more_than_a_thousand_idle_connections_block_no_other_client(gateway):
    place = urlsplit(gateway.url)
    with ExitStack() as idle:
        for _ in range(1100):
            idle.enter_context(socket.create_connection((place.hostname, place.port), timeout=5))
        assert httpx.get(f"{gateway.url}/health/live", timeout=5).status_code == 200


def test_a_stream_is_woken_by_an_event_and_ends_with_the_order(gateway, start_orders, amqp_vhost):
    start_orders()
    until_available(gateway)
    with httpx.stream("GET", f"{gateway.url}{PATH}/stream", headers=bearer(), timeout=10) as stream:
        lines = stream.iter_lines()
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert state(lines) == "placed"
        httpx.post(f"{gateway.url}{PATH}/receive", headers=bearer())
        publish(amqp_vhost, "orders.order_completed.v1", {"order_id": ORDER})
        assert state(lines) == "completed"
        assert [line for line in lines if line.startswith("data")] == []


def state(lines):
    return next(json.loads(line[6:])["state"] for line in lines if line.startswith("data: "))


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_an_open_stream_does_not_keep_the_gateway_from_stopping(gateway, start_orders, sent):
    start_orders()
    until_available(gateway)
    with httpx.stream("GET", f"{gateway.url}{PATH}/stream", headers=bearer(), timeout=10) as stream:
        lines = stream.iter_lines()
        assert state(lines) == "placed"
        gateway.process.send_signal(sent)
        assert all(not line.startswith("event: problem") for line in lines)
    assert gateway.process.wait(10) == 0


def test_a_killed_gateway_leaves_no_worker_on_its_port(gateway):
    gateway.process.kill()
    gateway.process.wait()
    place = urlsplit(gateway.url)

    def is_free():
        with socket.socket() as probe:
            return probe.connect_ex((place.hostname, place.port)) != 0

    eventually(is_free)


def test_a_token_is_refused_as_soon_as_its_session_has_ended(gateway, start_orders, amqp_vhost):
    start_orders()
    until_available(gateway)
    caller = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.SHOPPER}))
    assert httpx.get(gateway.url + PATH, headers=bearer(caller)).status_code == 200
    body = {"session_id": str(caller.session_id), "user_id": str(caller.user_id)}
    publish(amqp_vhost, SessionEnded.topic, body)
    answer = eventually(lambda: (r := httpx.get(gateway.url + PATH, headers=bearer(caller))).is_error and r)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")
