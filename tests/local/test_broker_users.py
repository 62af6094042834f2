"""The broker's users may do what their processes do."""

import re

import pytest

from gateway.changes import TOPICS
from local.broker_users import WOKEN_BY


@pytest.mark.parametrize("topic", TOPICS)
def test_the_gateway_may_consume_every_event_that_it_binds_its_queue_to(topic):
    assert re.search(WOKEN_BY, topic)


@pytest.mark.parametrize("topic", ["#", "users.#", "users.user_registered.v1", "catalog.reserve_stock.v1"])
def test_the_gateway_may_consume_nothing_else(topic):
    assert not re.search(WOKEN_BY, topic)
