"""Event streams, read line by line from the application itself: the test client cannot read an open one."""

import asyncio
import json
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from gateway.app import build
from gateway.changes import Changes
from gateway.memory import Memory
from gateway.tests.doubles import SHOPPER, bearer
from gateway.wakeups import READERS
from shared.answers import ServiceUnavailable
from shared.auth import Caller
from shared.contracts.users import SessionEnded
from shared.errors import NotFound
from shared.ids import new_id
from shared.permissions import Role

ORDER = str(new_id())
PATH = f"/api/v1/orders/{ORDER}/stream"
TIMEOUT = 60  # seconds: only a stream that hangs takes this long, even on a busy machine


def order(state):
    return {"order_id": ORDER, "state": state}


class Reader:
    """Opens a stream and keeps what it receives."""

    def __init__(self, app, caller=SHOPPER, language=b"en"):
        self.app, self.caller, self.status, self.text = app, caller, None, ""
        self.language = language
        self.disconnected = asyncio.Event()

    async def run(self):
        token = bearer(self.caller)["Authorization"].encode()
        headers = [(b"authorization", token), (b"accept-language", self.language)]
        scope = {
            "type": "http",
            "method": "GET",
            "path": PATH,
            "raw_path": PATH.encode(),
            "query_string": b"",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("gateway", 80),
            "scheme": "http",
            "root_path": "",
            "http_version": "1.1",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
        }
        self.requested = False
        await self.app(scope, self._receive, self._send)

    async def _receive(self):
        if not self.requested:
            self.requested = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.disconnected.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"").decode()

    @property
    def states(self):
        return [json.loads(line[6:]).get("state") for line in self.text.splitlines() if line.startswith("data: ")]

    async def until(self, condition):
        async with asyncio.timeout(TIMEOUT):
            while not condition(self):  # noqa: ASYNC110 - waits for text to arrive
                await asyncio.sleep(0.005)


async def woken_once(reader, wakeups):
    """Read a stream that is woken after its first state, until it ends."""
    running = asyncio.create_task(reader.run())
    await reader.until(lambda r: r.states)
    wakeups.wake(ORDER)
    await asyncio.wait_for(running, TIMEOUT)


@pytest.fixture
def reader(config, services, wakeups):
    return Reader(build(config, services, wakeups))


def test_a_stream_sends_the_state_then_each_change_and_ends_with_the_final_one(reader, services, wakeups):
    async def check():
        services.answers["orders.get_order"] = [order("placed")]
        running = asyncio.create_task(reader.run())
        await reader.until(lambda r: r.states == ["placed"])
        services.answers["orders.get_order"] = [order("confirmed")]
        wakeups.wake(ORDER)
        await reader.until(lambda r: r.states == ["placed", "confirmed"])
        services.answers["orders.get_order"] = [order("completed")]
        wakeups.wake(ORDER)
        await asyncio.wait_for(running, TIMEOUT)

    asyncio.run(check())
    assert reader.states == ["placed", "confirmed", "completed"]
    assert "event: status\nid: " in reader.text
    assert len(wakeups) == 0


@pytest.mark.parametrize("number", [1, 2], ids=["the first state", "a later one"])
def test_a_change_while_a_state_is_read_is_not_missed(reader, services, wakeups, number):
    read, states = [], ["placed", "confirmed"][:number]

    async def changes_meanwhile(method, request, *, token, within):
        read.append(method)
        if len(read) == number:
            wakeups.wake(ORDER)
        return order(states[len(read) - 1] if len(read) <= number else "completed")

    async def check():
        services.call = changes_meanwhile
        running = asyncio.create_task(reader.run())
        if number == 2:
            await reader.until(lambda r: r.states)
            wakeups.wake(ORDER)
        await asyncio.wait_for(running, 10)

    asyncio.run(check())
    assert reader.states == [*states, "completed"]


def test_a_state_is_read_once_where_nothing_happened_meanwhile(reader, services, wakeups):
    async def check():
        services.answers["orders.get_order"] = order("placed")
        running = asyncio.create_task(reader.run())
        await reader.until(lambda r: r.text.count(": keep-alive") > 1)
        wakeups.close()
        await running

    asyncio.run(check())
    assert len(services.requested) == 1


def test_a_stream_that_was_opening_while_the_link_was_lost_reads_again(reader, services, wakeups):
    async def reconnects_meanwhile(method, request, *, token, within):
        services.requested.append(method)
        if len(services.requested) == 1:
            wakeups.wake_all()
        return order("placed" if len(services.requested) == 1 else "completed")

    services.call = reconnects_meanwhile
    asyncio.run(asyncio.wait_for(reader.run(), TIMEOUT))
    assert reader.states == ["placed", "completed"]


def test_an_idle_stream_stays_open_and_sends_comments(reader, services, wakeups):
    async def check():
        services.answers["orders.get_order"] = order("placed")
        running = asyncio.create_task(reader.run())
        await reader.until(lambda r: ": keep-alive" in r.text)
        assert not running.done()
        wakeups.close()
        await asyncio.wait_for(running, TIMEOUT)

    asyncio.run(check())
    assert reader.states == ["placed"]


def test_a_change_of_another_order_wakes_no_stream(reader, services, wakeups):
    async def check():
        services.answers["orders.get_order"] = order("placed")
        running = asyncio.create_task(reader.run())
        await reader.until(lambda r: ": keep-alive" in r.text)
        requested = len(services.requested)
        wakeups.wake(str(new_id()))
        await reader.until(lambda r: r.text.count(": keep-alive") > 2)
        wakeups.close()
        await running
        assert len(services.requested) == requested

    asyncio.run(check())


def test_a_disconnected_stream_is_removed(reader, services, wakeups):
    async def check():
        services.answers["orders.get_order"] = order("placed")
        running = asyncio.create_task(reader.run())
        await reader.until(lambda r: r.states)
        reader.disconnected.set()
        await asyncio.wait_for(running, TIMEOUT)

    asyncio.run(check())
    assert len(wakeups) == 0
    assert wakeups._by_id == {}


def test_a_stream_survives_an_unavailable_service(reader, services, wakeups, monkeypatch):
    monkeypatch.setattr("gateway.streaming.PAUSE", (0.01, 0.02))

    async def check():
        services.answers["orders.get_order"] = [
            order("placed"),
            ServiceUnavailable(),
            ServiceUnavailable(),
            order("cancelled"),
        ]
        await woken_once(reader, wakeups)

    asyncio.run(check())
    assert reader.states == ["placed", "cancelled"]


def test_a_stream_gives_the_reason_when_it_ends_early(reader, services, wakeups):
    async def check():
        services.answers["orders.get_order"] = [order("placed"), NotFound(code="order_not_found")]
        await woken_once(reader, wakeups)

    asyncio.run(check())
    assert "event: problem\n" in reader.text
    assert '"code":"order_not_found"' in reader.text


def test_a_stream_gives_the_reason_in_its_readers_language(config, services, wakeups):
    services.answers["orders.get_order"] = [order("placed"), NotFound(code="order_not_found")]
    reader = Reader(build(config, services, wakeups), language=b"zh-CN")
    asyncio.run(woken_once(reader, wakeups))
    assert '"detail":"订单不存在。"' in reader.text


def test_a_stream_of_an_unknown_order_is_a_plain_404(reader, services):
    services.answers["orders.get_order"] = NotFound(code="order_not_found")
    asyncio.run(reader.run())
    assert reader.status == 404


def test_a_stream_ends_when_its_readers_token_expires_also_without_changes(reader, services, monkeypatch):
    async def check():
        services.answers["orders.get_order"] = order("placed")
        running = asyncio.create_task(reader.run())
        await reader.until(lambda r: ": keep-alive" in r.text)
        monkeypatch.setattr("shared.auth.time", SimpleNamespace(time=lambda: time.time() + 16 * 60))
        await asyncio.wait_for(running, TIMEOUT)

    asyncio.run(check())
    assert reader.text.endswith("\n\n")
    assert '"code":"token_invalid"' in reader.text


def test_the_number_of_streams_of_an_account_is_limited(config, services, wakeups):
    app = build(replace(config, most_streams_each=2), services, wakeups)

    async def check():
        services.answers["orders.get_order"] = order("placed")
        readers = [Reader(app) for _ in range(3)]
        running = [asyncio.create_task(reader.run()) for reader in readers]  # at the same time
        await readers[2].until(lambda r: r.status)
        assert sorted(r.status for r in readers) == [200, 200, 429]
        assert len(wakeups) == 2
        readers[0].disconnected.set()
        await asyncio.wait_for(running[0], TIMEOUT)
        again = Reader(app)
        running.append(asyncio.create_task(again.run()))
        await again.until(lambda r: r.states)
        wakeups.close()
        await asyncio.gather(*running)

    asyncio.run(check())
    assert len(wakeups) == 0
    assert wakeups._by_account == {}


def test_a_refused_stream_releases_its_place(reader, services, wakeups):
    services.answers["orders.get_order"] = NotFound(code="order_not_found")
    asyncio.run(reader.run())
    assert len(wakeups) == 0
    assert wakeups._by_account == {}


def test_a_stopping_gateway_opens_no_stream(reader, services, wakeups):
    wakeups.close()
    asyncio.run(reader.run())
    assert reader.status == 503


def test_streams_woken_at_once_call_the_service_a_few_at_a_time(config, services, wakeups):
    app = build(replace(config, most_streams_each=500), services, wakeups)
    readers = [Reader(app) for _ in range(300)]
    state, under_way, most = "placed", 0, 0

    async def slowly(method, request, *, token, within):
        nonlocal under_way, most
        under_way, most = under_way + 1, max(most, under_way + 1)
        await asyncio.sleep(0)
        under_way -= 1
        return order(state)

    async def check():
        nonlocal state
        services.call = slowly
        running = [asyncio.create_task(reader.run()) for reader in readers]
        for reader in readers:
            await reader.until(lambda r: r.states)
        state = "completed"
        wakeups.wake_all()
        await asyncio.wait_for(asyncio.gather(*running), TIMEOUT)

    asyncio.run(check())
    assert {tuple(reader.states) for reader in readers} == {("placed", "completed")}
    assert most == READERS


def test_browsers_reconnect_at_different_times(config, services, wakeups):
    services.answers["orders.get_order"] = order("completed")
    app = build(config, services, wakeups)
    waits = set()
    for _ in range(20):
        reader = Reader(app)
        asyncio.run(reader.run())
        waits.add(reader.text.partition("retry: ")[2].partition("\n")[0])
    assert len(waits) > 10
    assert all(1000 <= int(wait) < 5000 for wait in waits)


def test_a_stream_ends_at_once_when_its_readers_session_ends(config, services, wakeups):
    caller = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.SHOPPER}))
    reader = Reader(build(replace(config, heartbeat=60), services, wakeups), caller)

    async def check():
        services.answers["orders.get_order"] = order("placed")
        running = asyncio.create_task(reader.run())
        await reader.until(lambda r: r.states)
        body = json.dumps({"session_id": str(caller.session_id), "user_id": str(caller.user_id)})
        Changes(wakeups, Memory()).received(SessionEnded.topic, "", body.encode())
        await asyncio.wait_for(running, TIMEOUT)

    asyncio.run(check())
    assert '"code":"session_ended"' in reader.text
