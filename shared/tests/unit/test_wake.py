"""The datagram that wakes a relay, on loopback and across containers."""

import select

import pytest

from shared import wake


@pytest.fixture(params=["127.0.0.1", "localhost"])
def relay(request, monkeypatch):
    monkeypatch.setenv("RELAY_WAKE_HOST", request.param)
    with wake.receiver() as waker:
        monkeypatch.setenv("RELAY_WAKE_PORT", str(waker.getsockname()[1]))
        yield waker


def is_woken(waker):
    readable, _, _ = select.select([waker], [], [], 5)
    return bool(readable)


def test_a_commit_wakes_the_relay(relay):
    wake.wake_relay()
    assert is_woken(relay)


def test_by_default_the_relay_listens_on_loopback_only(monkeypatch):
    monkeypatch.delenv("RELAY_WAKE_HOST", raising=False)
    with wake.receiver() as waker:
        assert waker.getsockname()[0] == "127.0.0.1"


def test_an_unreachable_relay_is_ignored(monkeypatch):
    monkeypatch.setenv("RELAY_WAKE_HOST", "relay.invalid")
    monkeypatch.setenv("RELAY_WAKE_PORT", "9")
    wake.wake_relay()


def test_without_a_port_nothing_is_sent(relay, monkeypatch):
    monkeypatch.delenv("RELAY_WAKE_PORT")
    wake.wake_relay()
    with pytest.raises(BlockingIOError):
        relay.recv(1)
