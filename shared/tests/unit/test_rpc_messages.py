"""Deadlines of RPC requests, also invalid ones."""

import time

import amqp
import pytest

from shared.rpc_messages import read_request


def requested(deadline):
    message = amqp.Message(b'{"args": [{}]}', reply_to="me", application_headers={"deadline": deadline})
    message.delivery_info = {"routing_key": "tally.times"}
    return read_request(message, "tally")


@pytest.mark.parametrize(
    ("deadline", "seconds"),
    [("nan", 30), ("inf", 30), ("-inf", 30), ("soon", 30), (None, 30), (1e300, 60), ("99999999999.5", 60)],
)
def test_an_invalid_or_excessive_deadline_is_replaced(deadline, seconds):
    assert requested(deadline).seconds_left == pytest.approx(seconds, abs=1)


def test_a_deadline_that_has_passed_stays_passed():
    assert requested(str(time.time() - 5)).seconds_left < -4
