"""A worker whose process is frozen during a provider call (more tests of the worker: shared/tests)."""

from datetime import timedelta

import pytest

from services.payments.tests.builders import open_payment
from shared.provider_calls.worker import LEASE


@pytest.mark.parametrize("answers", [True, False], ids=["the same response", "no response"])
def test_a_repeated_call_does_not_close_the_payment_it_opened(till, answers):
    """A process was frozen for longer than its lease, and another one has opened the payment."""
    command = open_payment()
    till.send(command)
    (frozen,) = till.worker.claim(till.open_work, 5)
    till.ahead += LEASE + timedelta(seconds=1)
    till.call_provider()
    if not answers:
        till.wechat.time_out("open")
    till.worker.carry_out(till.open_work, frozen)
    till.later(seconds=1)
    assert till.state(command) == "open"
    assert till.wechat.calls["close"] == 0
