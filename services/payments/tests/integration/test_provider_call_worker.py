"""The worker that calls the providers: a slow call keeps nobody waiting, a dead worker's call is not lost."""

import threading
from datetime import timedelta

import pytest

from payments.providers.worker import LEASE, ProviderCallWorker
from payments.service import PaymentsService
from payments.work import calls_asked
from services.payments.tests.builders import open_payment
from shared.contracts.payments import QrCode
from shared.testing import eventually


@pytest.fixture
def no_looks(monkeypatch):
    """Without being asked the loop would look for calls a minute later."""
    wait = calls_asked.wait
    monkeypatch.setattr(calls_asked, "wait", lambda timeout: wait(60 * timeout))


@pytest.fixture
def running(till):
    """The worker's loop, as the service runs it."""
    over = threading.Event()
    worker = ProviderCallWorker(PaymentsService.worker.procedures, at_once=2)

    def loop():
        while not over.is_set():
            worker.run(till.open_work, till.wechat, calls_asked)

    thread = threading.Thread(target=loop)
    thread.start()
    yield worker
    over.set()
    calls_asked.set()
    thread.join()


def test_a_slow_call_keeps_no_other_waiting(till, running, monkeypatch):
    hold, reached = threading.Event(), threading.Event()
    slow = open_payment()
    opened = till.wechat.open

    def open_slowly(number, *rest):
        if number == till.number(slow):
            reached.set()
            hold.wait(10)
        return opened(number, *rest)

    monkeypatch.setattr(till.wechat, "open", open_slowly)
    till.tell(slow)
    assert reached.wait(5)
    others = [open_payment() for _ in range(5)]
    for command in others:
        till.tell(command)
    eventually(lambda: {till.state(command) for command in others} == {"open"})
    assert till.state(slow) == "opening"
    hold.set()
    eventually(lambda: till.state(slow) == "open")


def test_what_is_asked_is_called_at_once_without_waiting_for_the_next_look(till, no_looks, running):
    command = open_payment()
    till.tell(command)
    eventually(lambda: till.state(command) == "open")


def test_a_call_whose_worker_died_is_made_by_another_one(till):
    command = open_payment()
    till.tell(command)
    assert len(till.worker.claim(till.open_work, 5)) == 1
    assert till.worker.claim(till.open_work, 5) == []
    till.ahead += LEASE + timedelta(seconds=1)
    till.ask_provider()
    assert till.state(command) == "open"


@pytest.mark.parametrize("answers", [True, False], ids=["the same answer", "no answer"])
def test_a_call_that_was_made_twice_leaves_open_what_it_opened(till, answers):
    """Its process was frozen for longer than its lease, and another one has opened the payment."""
    command = open_payment()
    till.tell(command)
    (frozen,) = till.worker.claim(till.open_work, 5)
    till.ahead += LEASE + timedelta(seconds=1)
    till.ask_provider()
    if not answers:
        till.wechat.fall_silent("open")
    till.worker.carry_out(till.open_work, till.wechat, frozen)
    till.later(seconds=1)
    assert till.state(command) == "open"
    assert till.wechat.calls["close"] == 0


def test_an_answer_that_cannot_be_stored_is_asked_for_again(till, running, monkeypatch):
    broken = threading.Event()
    opened = till.wechat.open

    def open_nonsense(*arguments):
        opened(*arguments)
        if broken.is_set():
            return QrCode(content="weixin://")
        broken.set()
        raise RuntimeError("the process dies here")

    monkeypatch.setattr(till.wechat, "open", open_nonsense)
    command = open_payment()
    till.tell(command)
    assert broken.wait(5)
    till.ahead += LEASE + timedelta(seconds=1)
    eventually(lambda: till.state(command) == "open")
