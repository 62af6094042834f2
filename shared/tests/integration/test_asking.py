"""The blocking client, asking a running service."""

import socket
import time

import pytest

from shared import auth
from shared.answers import NoAnswer, NobodyThere, Refused, ServiceFailed
from shared.asking import Asker
from shared.auth import Caller
from shared.errors import Kind
from shared.ids import new_id
from shared.permissions import Role

NOBODY = {"subject": "nobody"}


@pytest.fixture
def asker(system, vhost):
    with Asker(vhost) as asker:
        yield asker


@pytest.fixture
def token(keys, monkeypatch):
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    auth._private_key.cache_clear()
    return lambda *roles: auth.sign(Caller(new_id(), new_id(), frozenset(roles)))


def test_questions_are_answered_one_after_another(asker):
    assert asker.ask("tally.times", NOBODY) == {"times": 0}
    assert asker.ask("tally.times", NOBODY) == {"times": 0}


def test_a_refusal_comes_back_with_kind_code_and_facts(asker):
    with pytest.raises(Refused, match="not like this") as caught:
        asker.ask("tally.refuse", {"wish": "moon"})
    refusal = caught.value
    assert (refusal.kind, refusal.code, refusal.facts) == (Kind.CONFLICT, "no_such_luck", {"wish": "moon"})


def test_a_fault_of_the_service_is_no_refusal(asker):
    with pytest.raises(ServiceFailed):
        asker.ask("tally.break_down", {})


def test_it_asks_as_whom_its_token_names(asker, token):
    with pytest.raises(Refused) as caught:
        asker.ask("tally.reset", {})
    assert caught.value.kind is Kind.UNAUTHENTICATED
    assert "by" in asker.ask("tally.reset", {}, token=token(Role.OPERATOR))


def test_nobody_waits_past_the_deadline_and_a_late_answer_is_taken_for_no_other(asker):
    began = time.monotonic()
    with pytest.raises(NoAnswer):
        asker.ask("nobody.answers", {}, within=0.5)
    with pytest.raises((NoAnswer, Refused)):
        asker.ask("tally.sleep", {"seconds": 1}, within=0.3)
    assert time.monotonic() - began < 5
    assert asker.ask("tally.times", NOBODY) == {"times": 0}


def test_a_connection_that_was_lost_is_opened_again(asker):
    asker.ask("tally.times", NOBODY)
    asker._connection._impl._transport._sock.shutdown(socket.SHUT_RDWR)
    with pytest.raises(NobodyThere):
        asker.ask("tally.times", NOBODY)
    assert asker.ask("tally.times", NOBODY) == {"times": 0}


def test_a_broker_that_is_away_is_nobody_there():
    with Asker("amqp://guest:guest@127.0.0.1:1/") as asker, pytest.raises(NobodyThere):
        asker.ask("tally.times", {})
