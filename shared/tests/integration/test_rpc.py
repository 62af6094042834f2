"""RPC requests to a running service."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import amqp
import pytest
from nameko.exceptions import RemoteError
from nameko.standalone.rpc import ClusterRpcProxy

from shared import auth
from shared.auth import Caller, SessionOver
from shared.contracts.users import SessionEnded
from shared.ended_sessions import EndedSessions
from shared.ids import new_id
from shared.link import Link, connect
from shared.permissions import Role
from shared.testing import eventually
from shared.tests.raw_rpc import rpc_client_of


@pytest.fixture
def call(system, vhost):
    with rpc_client_of(vhost) as rpc_client:
        yield rpc_client


@pytest.fixture
def token(keys, monkeypatch):
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    for cached in (auth._private_key, auth._public_keys, auth._read):
        cached.cache_clear()
    return lambda *roles: auth.sign(Caller(new_id(), new_id(), frozenset(roles)))


def dropped(service, reason):
    return service.metric(f'jishi_rpc_dropped_total{{reason="{reason}"}}')


def test_nameko_s_own_proxy_can_call(system, vhost):
    with ClusterRpcProxy({"AMQP_URI": vhost}, timeout=5) as services:
        assert services.tally.times({"subject": "nobody"}) == {"times": 0}
        assert services.tally.times(subject="nobody") == {"times": 0}
        with pytest.raises(RemoteError, match="not like this"):
            services.tally.refuse({"wanted": "moon"})


def test_lesson_14_a_request_that_loses_a_conflict_is_retried_unnoticed(call):
    assert call.call("collide", {"subject": "two tabs"})["result"] == {"times": 3, "effects": 1}


def test_a_refusal_is_returned_with_kind_code_and_facts(call):
    error = call.call("refuse", {"wanted": "moon"})["error"]
    shown = {name: error[name] for name in ("exc_type", "kind", "code", "detail", "facts")}
    assert shown == {
        "exc_type": "Conflict",
        "kind": "conflict",
        "code": "no_such_luck",
        "detail": "not like this",
        "facts": {"wanted": "moon"},
    }


def test_an_unexpected_failure_is_logged_and_hidden_from_the_caller(call, system):
    answer = call.call("break_down")
    assert answer["error"]["kind"] == "internal"
    assert "internals" not in json.dumps(answer)
    assert "secret internals" in system[0].log()


def test_a_call_of_an_unknown_method_is_refused(call):
    assert call.call("no_such_thing")["error"]["code"] == "request_malformed"


def test_a_method_that_is_not_an_entrypoint_cannot_be_called(call):
    assert call.call("release")["error"]["code"] == "request_malformed"


def test_only_callers_with_an_allowed_role_are_served(call, token):
    assert call.call("reset")["error"]["kind"] == "unauthenticated"
    assert call.call("reset", authorization="Bearer nonsense")["error"]["code"] == "token_invalid"
    assert call.call("reset", authorization=f"Bearer {token(Role.SHOPPER)}")["error"]["kind"] == "forbidden"
    assert "by" in call.call("reset", authorization=f"Bearer {token(Role.OPERATOR)}")["result"]


def test_dl_12_a_request_past_its_deadline_is_dropped_unhandled_and_counted(call, system):
    before = dropped(system[0], "expired")
    body = json.dumps({"args": [{"subject": "too late"}], "kwargs": {}}).encode()
    call.send("collide", body, deadline=str(time.time() - 1))
    eventually(lambda: dropped(system[0], "expired") == before + 1)
    assert call.call("times", {"subject": "too late"})["result"] == {"times": 0}


def test_dl_12_a_request_that_is_not_consumed_expires_in_its_queue(system, vhost):
    """No caller waits for longer than a minute, which is the time to live of the queue."""
    with connect(vhost) as connection:
        minute = {"x-message-ttl": 60_000}
        connection.channel().queue_declare("rpc-tally", durable=True, auto_delete=False, arguments=minute)
        with pytest.raises(amqp.PreconditionFailed):
            connection.channel().queue_declare("rpc-tally", durable=True, auto_delete=False)


def test_a_request_that_takes_too_long_is_answered_at_its_deadline(call):
    started = time.monotonic()
    error = call.call("sleep", {"seconds": 5}, deadline=str(time.time() + 0.5))["error"]
    assert error["code"] == "deadline_passed"
    assert time.monotonic() - started < 2
    assert call.call("times")["error"] is None  # the connection it left behind does no harm


@pytest.mark.parametrize(
    "body", [b"not json", b"[]", b'{"args": []}', b'{"args": [1], "kwargs": {}}', b"\xff\xfe"]
)
def test_a_malformed_request_is_dropped_and_the_service_continues(call, system, body):
    before = dropped(system[0], "malformed")
    call.send("times", body)
    eventually(lambda: dropped(system[0], "malformed") == before + 1)
    assert call.call("times")["error"] is None


def test_a_request_without_a_reply_address_is_dropped_and_the_service_continues(call, system):
    before = dropped(system[0], "malformed")
    call.send("times", reply=False)
    eventually(lambda: dropped(system[0], "malformed") == before + 1)
    assert call.call("times")["error"] is None


@pytest.mark.parametrize(
    "odd",
    [
        {"content_type": "application/x-unknown", "content_encoding": "utf-8"},
        {"content_type": "application/json", "content_encoding": "rot13"},
        {"content_type": "application/x-python-serialize", "content_encoding": "binary"},
    ],
    ids=lambda odd: odd["content_type"],
)
def test_a_request_of_an_unknown_content_type_does_not_end_the_service(call, odd):
    """nameko's own responder raises KeyError for these, which ends its container (docs/nameko.md, row 5)."""
    call.send("times", properties=odd)
    assert call.answer()["error"] is None  # only JSON is supported, so these properties are ignored
    assert call.call("times")["error"] is None


def test_a_request_that_waits_for_the_database_does_not_block_others(system, vhost):
    """psycopg2 cooperates with eventlet: two sleeps of a second in one process take one second."""

    def sleep(_):
        with rpc_client_of(vhost) as rpc_client:
            return rpc_client.call("sleep", {"seconds": 1})

    started = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        assert [answer["error"] for answer in pool.map(sleep, range(2))] == [None, None]
    assert time.monotonic() - started < 1.9


def test_a_failed_round_is_counted_and_repeated(system):
    failures = 'jishi_loop_failures_total{loop="tick"}'
    before = system[0].metric(failures)
    eventually(lambda: system[0].metric(failures) > before, within=70)


def session_ended(caller):
    body = json.dumps({"session_id": str(caller.session_id), "user_id": str(caller.user_id)})
    return amqp.Message(body.encode()), "events", SessionEnded.topic


def test_a_token_is_refused_as_soon_as_its_session_has_ended(call, token):
    operator = Caller(new_id(), new_id(), frozenset({Role.OPERATOR}))
    headers = {"authorization": f"Bearer {auth.sign(operator)}"}
    assert "by" in call.call("reset", **headers)["result"]
    call._channel.basic_publish(amqp.Message(b"no JSON"), "events", SessionEnded.topic)  # is ignored
    call._channel.basic_publish(*session_ended(operator))
    eventually(lambda: (call.call("reset", **headers)["error"] or {}).get("code") == "session_ended")


def test_a_process_that_starts_later_knows_the_sessions_that_ended_before(call, token, vhost):
    shopper = Caller(new_id(), new_id(), frozenset({Role.SHOPPER}))
    call._channel.basic_publish(*session_ended(shopper))
    link = Link(vhost)
    link.join(EndedSessions())
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(link.run)
        try:
            eventually(lambda: shopper.session_id in auth._ended)
        finally:
            link.close()
        reading.result()
    with pytest.raises(SessionOver):
        auth.verify(auth.sign(shopper))
