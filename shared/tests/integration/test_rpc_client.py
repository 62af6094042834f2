"""The blocking RPC client with a running service."""

import socket
import time

import pytest

from shared import auth
from shared.answers import NoAnswer, Refused, ServiceFailed, ServiceUnavailable
from shared.auth import Caller
from shared.errors import Kind
from shared.ids import new_id
from shared.permissions import Role
from shared.rpc_client import RpcClient

ANONYMOUS = {"subject": "nobody"}


@pytest.fixture
def rpc_client(system, vhost):
    with RpcClient(vhost) as rpc_client:
        yield rpc_client


@pytest.fixture
def token(keys, monkeypatch):
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    auth._private_key.cache_clear()
    return lambda *roles: auth.sign(Caller(new_id(), new_id(), frozenset(roles)))


def test_requests_are_answered_one_after_another(rpc_client):
    assert rpc_client.call("tally.times", ANONYMOUS) == {"times": 0}
    assert rpc_client.call("tally.times", ANONYMOUS) == {"times": 0}


def test_a_refusal_is_returned_with_kind_code_and_facts(rpc_client):
    with pytest.raises(Refused, match="not like this") as caught:
        rpc_client.call("tally.refuse", {"wanted": "moon"})
    refusal = caught.value
    assert (refusal.kind, refusal.code, refusal.facts) == (Kind.CONFLICT, "no_such_luck", {"wanted": "moon"})


def test_an_internal_error_is_not_a_refusal(rpc_client):
    with pytest.raises(ServiceFailed):
        rpc_client.call("tally.break_down", {})


def test_a_call_is_made_as_the_caller_of_its_token(rpc_client, token):
    with pytest.raises(Refused) as caught:
        rpc_client.call("tally.reset", {})
    assert caught.value.kind is Kind.UNAUTHENTICATED
    assert "by" in rpc_client.call("tally.reset", {}, token=token(Role.OPERATOR))


def test_a_call_ends_at_its_deadline_and_a_late_answer_is_not_taken_for_another(rpc_client):
    began = time.monotonic()
    with pytest.raises(NoAnswer):
        rpc_client.call("nobody.answers", {}, within=0.5)
    with pytest.raises((NoAnswer, Refused)):
        rpc_client.call("tally.sleep", {"seconds": 1}, within=0.3)
    assert time.monotonic() - began < 5
    assert rpc_client.call("tally.times", ANONYMOUS) == {"times": 0}


def test_a_lost_connection_is_reopened(rpc_client):
    rpc_client.call("tally.times", ANONYMOUS)
    rpc_client._connection._impl._transport._sock.shutdown(socket.SHUT_RDWR)
    with pytest.raises(ServiceUnavailable):
        rpc_client.call("tally.times", ANONYMOUS)
    assert rpc_client.call("tally.times", ANONYMOUS) == {"times": 0}


def test_without_a_broker_the_service_is_unavailable():
    with RpcClient("amqp://guest:guest@127.0.0.1:1/") as rpc_client, pytest.raises(ServiceUnavailable):
        rpc_client.call("tally.times", {})
