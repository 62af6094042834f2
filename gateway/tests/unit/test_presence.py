"""Who is there: the gateway asks the broker now and then, and hears it from whoever answers."""

import asyncio

from gateway.presence import Presence


def test_a_service_that_answers_is_there_though_the_last_look_did_not_find_it(monkeypatch):
    async def nobody(*_):
        return None  # no such queue

    presence = Presence(["orders"])
    monkeypatch.setattr(presence, "_listening", nobody)
    asyncio.run(presence._look(None))
    assert presence.is_away("orders")
    presence.answered("orders")
    assert not presence.is_away("orders")
