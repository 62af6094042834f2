"""The rounds of a loop: its pauses after failures, and the signals that begin a round earlier."""

import threading
import time
from types import SimpleNamespace

import pytest

from shared.every import Every, Signal, pause
from shared.pace import Pace
from shared.testing import eventually


def test_a_failing_loop_is_retried_soon_and_then_with_growing_pauses():
    assert [pause(1, failures) for failures in range(4)] == [1, 0.4, 0.8, 1.6]
    assert pause(1, 1_000_000) == 10
    assert pause(3600, 1) == 0.4
    assert pause(3600, 1_000_000) == 3600


class Loop:
    """A service with a loop that is woken by a signal; each round waits for `go_on` if it is held."""

    def __init__(self, seconds=60.0):
        self.rounds, self.fails, self.handled = 0, False, 1
        self.go_on, self.waiting = threading.Event(), Signal()
        self.go_on.set()
        self.waiting.attr_name = "waiting"
        self.every = Every(seconds=seconds, woken_by="waiting")
        self.every.method_name = "round"
        self.every.broker = SimpleNamespace(instance=lambda: self)
        self.every.container = SimpleNamespace(dependencies=[self.waiting], spawn_managed_thread=self._spawn)

    def _spawn(self, run):
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return SimpleNamespace(wait=lambda: thread.join(10), is_alive=thread.is_alive)

    def round(self):
        self.rounds += 1
        self.go_on.wait(10)
        if self.fails:
            raise RuntimeError("the round fails")
        return self.handled


@pytest.fixture
def loop():
    loop = Loop()
    loop.every.start()
    yield loop
    loop.fails = False
    loop.go_on.set()
    loop.every.stop()
    assert not loop.every._loop.is_alive()


def test_a_signal_begins_the_next_round_at_once(loop):
    loop.waiting.send()
    eventually(lambda: loop.rounds == 1)
    loop.waiting.send()
    eventually(lambda: loop.rounds == 2)


def test_signals_during_a_round_begin_one_more_after_it(loop):
    loop.go_on.clear()
    loop.waiting.send()
    eventually(lambda: loop.rounds == 1)
    for _ in range(3):
        loop.waiting.send()
    loop.go_on.set()
    eventually(lambda: loop.rounds == 2 and not loop.waiting.sent.is_set())
    assert loop.rounds == 2


def test_signals_after_a_failure_do_not_shorten_its_pause(loop, monkeypatch):
    monkeypatch.setattr("shared.every.FIRST_PAUSE", 30.0)
    loop.fails = True
    loop.waiting.send()
    eventually(lambda: loop.rounds == 1)
    stopped = threading.Event()
    for _ in range(20):
        loop.waiting.send()
        stopped.wait(0.01)
    assert loop.rounds == 1


def test_a_loop_stops_at_once_while_it_waits():
    loop = Loop()
    loop.every.start()
    began = time.monotonic()
    loop.every.stop()
    assert time.monotonic() - began < 5
    assert not loop.every._loop.is_alive()
    assert loop.rounds == 0


def test_a_loop_without_its_signal_waits_its_seconds():
    loop = Loop(seconds=0.01)
    loop.every.container.dependencies.clear()
    loop.every.start()
    eventually(lambda: loop.rounds >= 3)
    loop.every.stop()


def test_after_a_batch_of_several_the_next_one_begins_as_long_after_it_as_it_took():
    pace = Pace(longest=30)
    assert pace.left == 0
    pace.ended(5, 20.0)
    assert 15 < pace.left <= 20
    pace.ended(5, 100.0)
    assert 25 < pace.left <= 30
    pace.ended(1, 20.0)
    assert pace.left == 0
