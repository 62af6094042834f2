"""The worker that calls the providers, whose process may be frozen (its other promises: shared/tests)."""

from datetime import timedelta

import pytest

from services.payments.tests.builders import open_payment
from shared.provider_calls.worker import LEASE


@pytest.mark.parametrize("answers", [True, False], ids=["the same answer", "no answer"])
def test_a_call_that_was_made_twice_leaves_open_what_it_opened(till, answers):
    """Its process was frozen for longer than its lease, and another one has opened the payment."""
    command = open_payment()
    till.send(command)
    (frozen,) = till.worker.claim(till.open_work, 5)
    till.ahead += LEASE + timedelta(seconds=1)
    till.call_provider()
    if not answers:
        till.wechat.fall_silent("open")
    till.worker.carry_out(till.open_work, frozen)
    till.later(seconds=1)
    assert till.state(command) == "open"
    assert till.wechat.calls["close"] == 0
