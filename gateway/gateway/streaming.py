"""Server-sent events (WHATWG HTML §9.2): the current state, then the state after every change, until it is final.

Each event is `status` with the whole document as data and its digest as id. A comment every few seconds keeps
proxies from closing the connection. If a stream ends early, a `problem` event gives the reason, for example an
expired token.
"""

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway import languages, problems
from gateway.config import Config
from gateway.languages import Language
from gateway.problems import Problem
from gateway.route import Json, Stream
from gateway.wakeups import Subscriber, Wakeups
from shared import message_encoding
from shared.errors import Kind, Refusal, Unavailable

Read = Callable[[], Awaitable[Json]]
PAUSE = (1, 3)  # seconds before an unavailable service is called again; random, to spread the calls of all streams
RETRY = (1000, 5000)  # milliseconds before a browser reconnects; random for the same reason
HEARTBEAT = ": keep-alive\n\n"


class StreamLimitReached(Unavailable):
    """This process has as many streams as it may; retry later."""

    code = "stream_limit_reached"


@dataclass(frozen=True)
class Watched:
    """What is streamed, for which account and session.

    `read` returns the state; `check` raises once the caller may no longer see it; problems are in `language`.
    """

    stream: Stream
    account: str
    session: str
    read: Read
    check: Callable[[], Any]
    language: Language = Language.EN


class _Counted(StreamingResponse):
    """A stream that leaves the wakeups when it ends, also if it never began."""

    def __init__(self, subscriber: Subscriber, wakeups: Wakeups, events: AsyncIterator[str]) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Vary": languages.HEADER}
        super().__init__(events, headers=headers, media_type="text/event-stream")
        self._leave = partial(wakeups.leave, subscriber)

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events until they end or the reader is gone."""
        sending, gone = (
            asyncio.create_task(self.stream_response(send)),
            asyncio.create_task(_disconnected(receive)),
        )
        try:
            await asyncio.wait((sending, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, gone):
                task.cancel()
            await asyncio.gather(sending, gone, return_exceptions=True)
            self._leave()
        if not sending.cancelled():
            sending.result()  # raises what it has raised


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def respond(wakeups: Wakeups, config: Config, watched: Watched) -> Response:
    """The stream. Errors of the request are answered before it begins."""
    subscriber = _join(wakeups, config, watched.account)
    try:
        async with wakeups.reading:
            first = await watched.read()
    except BaseException:
        wakeups.leave(subscriber)
        raise
    return _Counted(subscriber, wakeups, _events(wakeups, subscriber, config.heartbeat, watched, first))


def _join(wakeups: Wakeups, config: Config, account: str) -> Subscriber:
    if len(wakeups) >= config.most_streams or wakeups.closed():
        raise StreamLimitReached
    if wakeups.streams_of(account) >= config.most_streams_each:
        headers = {"Retry-After": "10"}
        raise Problem(429, "stream_limit_reached", headers=headers, most=config.most_streams_each)
    return wakeups.join(account)


async def _events(
    wakeups: Wakeups, subscriber: Subscriber, heartbeat: float, watched: Watched, first: Json
) -> AsyncIterator[str]:
    shown = first
    yield f"retry: {random.randrange(*RETRY)}\n\n" + event("status", shown)
    wakeups.watch(subscriber, [watched.session])
    while not (watched.stream.is_final(shown) or wakeups.closed()):
        wakeups.watch(subscriber, watched.stream.wakes_on(shown))
        woken = await subscriber.sleep(heartbeat)
        if wakeups.closed():
            return
        now: Json | Refusal | None = _still_allowed(watched, shown)
        if woken and now is shown:
            now = await _current(wakeups, watched.read, subscriber)
        if isinstance(now, Refusal):
            yield event("problem", problems.of_refusal(now).document(watched.language))
            return
        if now is None or now == shown:
            if not woken:
                yield HEARTBEAT
            continue
        shown = now
        yield event("status", shown)


def _still_allowed(watched: Watched, shown: Json) -> Json | Refusal:
    """The shown state, if the caller may still see it: tokens expire and sessions end while nothing changes."""
    try:
        watched.check()
    except Refusal as refusal:
        return refusal
    return shown


async def _current(wakeups: Wakeups, read: Read, subscriber: Subscriber) -> Json | Refusal | None:
    """The current state, or the refusal; None while the service is unavailable; it is then read again."""
    subscriber.since = wakeups.now
    try:
        async with wakeups.reading:
            return await read()
    except Refusal as refusal:
        if refusal.kind is not Kind.UNAVAILABLE:
            return refusal
        await asyncio.sleep(random.uniform(*PAUSE))
        subscriber.woken.set()
        return None


def event(name: str, document: Json) -> str:
    """One event; JSON has no line breaks, so its data is one line."""
    data = message_encoding.text(document)
    return f"event: {name}\nid: {hashlib.sha256(data.encode()).hexdigest()[:16]}\ndata: {data}\n\n"
