"""The clients: they ask as the documentation says, again with the same key after 503, 504 or no answer at all.

Some requests that were answered are sent once more at a later time, when the order has moved on: nothing may be
done twice, and what was done under a key is answered as it was.
"""

import asyncio
import time
from random import Random
from uuid import UUID

import httpx

from tests.chaos.record import Record

TIMEOUT = 90.0  # seconds for which one wish is asked again and again
ANSWER_WITHIN = 12.0  # the gateway's own deadlines are 8 s
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 1.0
AGAIN = {503, 504}
LOST = 0.03  # of the answers never reach who asked: what was done is asked for again
REPEATED, LATER = 0.15, (2.0, 30.0)  # of the changes are sent once more, so many seconds after their answer
OVER = {
    "transition_not_allowed",
    "order_not_refundable",
    "preparation_started",
    "order_partly_shipped",
    "order_fully_refunded",
}
OVER |= {"unidentified_money_resolved", "refund_decided"}
FRESH = ("/sessions", "/quotes")  # answered anew each time


class Broken(Exception):
    """The story cannot go on; why is in the record."""


class Refused(Exception):
    """A problem document: status and code."""

    def __init__(self, status, code, text):
        super().__init__(f"{status} {code}: {text}")
        self.status, self.code = status, code


class Connections:
    """The connections of all clients to the gateway, some of whose answers are lost on the way."""

    def __init__(self, url: str, luck: Random) -> None:
        self.luck = luck
        self.repeats: set[asyncio.Task] = set()
        limits = httpx.Limits(max_connections=300, max_keepalive_connections=60)
        self.http = httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=ANSWER_WITHIN, limits=limits)

    async def repeated(self) -> None:
        """Wait until everything that is to be sent once more has been."""
        while self.repeats:
            await asyncio.gather(*self.repeats)

    async def close(self) -> None:
        for repeat in self.repeats:
            repeat.cancel()
        await self.http.aclose()


class Client:
    """Somebody with a token, or nobody in particular."""

    def __init__(self, connections: Connections, record: Record, token: str | None = None) -> None:
        self.connections, self.record, self.token = connections, record, token
        self.patience = TIMEOUT

    async def get(self, path, **parameters):
        return (await self.call("GET", path, params=parameters)).json()

    async def post(self, path, body=None, *, key=None, allow=(), **rest):
        """The answer's document, or a Refused with one of the codes that the story allows for."""
        requested = {"body": {} if body is None else body, "key": key, **rest}
        as_now = Client(self.connections, self.record, self.token)  # who has signed in since is another caller
        answer = await self.call("POST", path, allow=allow, **requested)
        document = answer.json() if answer.content else None
        if not path.startswith(FRESH) and self.connections.luck.random() < REPEATED:
            repeat = asyncio.create_task(as_now._once_more(path, document, requested))
            self.connections.repeats.add(repeat)
            repeat.add_done_callback(self.connections.repeats.discard)
        return document

    async def _once_more(self, path, before, requested):
        """The same at a later time: answered as before, or, without a key, told that the order has moved on."""
        await asyncio.sleep(self.connections.luck.uniform(*LATER))
        try:
            answer = await self.call("POST", path, allow=() if requested["key"] else OVER, **requested)
        except Refused as refused:
            self.record.repeats[f"POST {refused.code}"] += 1
        except Broken:
            return  # why is in the record
        else:
            self.record.repeats["POST answered"] += 1
            if requested["key"] and answer.json() != before:
                self.record.violated(f"POST {path} was answered {before} first, and {answer.json()} when repeated")

    async def call(self, method, path, *, body=None, key=None, allow=(), headers=None, **rest):
        """Ask until there is an answer that says something; raises Refused, and Broken for what must not be."""
        headers = self._headers(key) | (headers or {})
        began, pause, tries = time.monotonic(), FIRST_PAUSE, 0
        while time.monotonic() - began < self.patience:
            tries += 1
            answer = await self._once(method, path, json=body, headers=headers, **rest)
            if answer is not None and answer.status_code not in AGAIN | {429}:
                return self._judged(method, path, answer, allow)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            self.record.retried(method, path)
        self.record.violated(f"{method} {path}: no answer in {self.patience:g} s, {tries} tries")
        raise Broken(path)

    async def _once(self, method, path, **rest):
        if rest.get("json") is None or "content" in rest:
            rest.pop("json")
        try:
            answer = await self.connections.http.request(method, path, **rest)
        except httpx.TransportError as failure:
            self.record.answers[type(failure).__name__] += 1
            return None
        if answer.is_success and self.connections.luck.random() < LOST:
            self.record.answers["lost on the way"] += 1
            return None
        self.record.answers[answer.status_code] += 1
        return answer

    def _judged(self, method, path, answer, allow):
        if answer.is_success:
            return answer
        published = _problem(answer)
        if answer.status_code < 500 and published.code in allow:
            raise published
        self.record.violated(
            f"{method} {path} was answered {published} (request {answer.headers.get('x-request-id')})"
        )
        raise Broken(path)

    def _headers(self, key):
        found = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return found | ({"Idempotency-Key": str(key)} if key else {})


def _problem(answer):
    try:
        document = answer.json()
        return Refused(answer.status_code, document["code"], str(document)[:300])
    except (ValueError, KeyError, TypeError):
        return Refused(answer.status_code, "no_problem_document", answer.text[:300])


def a_key(rng) -> str:
    """An idempotency key out of a seeded generator."""
    return str(UUID(int=rng.getrandbits(128), version=4))
