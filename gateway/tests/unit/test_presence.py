"""Which services are available: the broker is queried now and then, and an answer of a service proves it."""

import asyncio

from gateway.presence import Presence


def test_a_service_that_answers_is_available_though_the_last_check_did_not_find_it(monkeypatch):
    async def no_queue(*_):
        return None

    presence = Presence(["orders"])
    monkeypatch.setattr(presence, "_consumers", no_queue)
    asyncio.run(presence._check(None))
    assert presence.is_unavailable("orders")
    presence.answered("orders")
    assert not presence.is_unavailable("orders")
