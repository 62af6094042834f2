"""Server-sent events (WHATWG HTML §9.2): the state now, then the state after every change, until it is final.

Each event is `status` with the whole document as data and its digest as id. A comment every few seconds keeps
proxies from closing the connection; a `problem` event says why a stream ends early, an expired token most of all.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.responses import Response, StreamingResponse

from gateway import problems
from gateway.config import Config
from gateway.route import Json, Stream
from gateway.wakeups import Listener, Wakeups
from shared.errors import Kind, Refusal, Unavailable

Read = Callable[[], Awaitable[Json]]
PAUSE = 1  # seconds before a service that is away is asked again
RETRY = "retry: 1000\n\n"  # milliseconds after which a browser connects again
HEARTBEAT = ": still here\n\n"


class TooManyStreams(Unavailable):
    """This process holds as many streams as it may; ask again."""

    code = "too_many_streams"


async def respond(wakeups: Wakeups, config: Config, stream: Stream, read: Read) -> Response:
    """The stream. What is wrong with the request is answered before it begins."""
    if len(wakeups) >= config.most_streams or wakeups.closed():
        raise TooManyStreams
    first = await read()
    events = _events(wakeups, config.heartbeat, stream, read, first)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, headers=headers, media_type="text/event-stream")


async def _events(
    wakeups: Wakeups, heartbeat: float, stream: Stream, read: Read, first: Json
) -> AsyncIterator[str]:
    shown = first
    with wakeups.listening() as listener:
        yield RETRY + event("status", shown)
        listener.woken.set()  # something may have happened between reading and listening
        while not (stream.is_final(shown) or wakeups.closed()):
            wakeups.hear(listener, stream.wakes_on(shown))
            if not await listener.sleep(heartbeat):
                yield HEARTBEAT
                continue
            if wakeups.closed():
                return
            now = await _look(read, listener)
            if isinstance(now, Refusal):
                yield event("problem", problems.of_refusal(now).document())
                return
            if now is not None and now != shown:
                shown = now
                yield event("status", shown)


async def _look(read: Read, listener: Listener) -> Json | Refusal | None:
    """The state now, or why it is not told; None when the service is away, and then it is looked at again."""
    try:
        return await read()
    except Refusal as refusal:
        if refusal.kind is not Kind.UNAVAILABLE:
            return refusal
        await asyncio.sleep(PAUSE)
        listener.woken.set()
        return None


def event(name: str, document: Json) -> str:
    """One event; JSON has no line breaks, so its data is one line."""
    data = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\nid: {hashlib.sha256(data.encode()).hexdigest()[:16]}\ndata: {data}\n\n"
