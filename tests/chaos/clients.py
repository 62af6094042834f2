"""The clients: as documented, they retry with the same key after 503, 504 or no response.

Some requests are repeated later, when the order has changed: nothing may be done twice, and a request with a key
must get its first response.
"""

import asyncio
import time
from random import Random
from uuid import UUID

import httpx

from tests.chaos.record import Record

TIMEOUT = 90.0  # seconds for which a request is retried
RESPONSE_WITHIN = 12.0  # the gateway's own deadlines are 8 s
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 1.0
RETRIED_STATUSES = {503, 504}
DROPPED_SHARE = 0.03  # of the responses, so that the request is retried
REPEATED_SHARE, REPEATED_AFTER = 0.15, (2.0, 30.0)  # of the changes, this many seconds after their response
REFUSED_IF_CHANGED = {
    "transition_not_allowed",
    "order_not_refundable",
    "preparation_started",
    "order_partly_shipped",
    "order_fully_refunded",
}
REFUSED_IF_CHANGED |= {"unidentified_money_resolved", "refund_decided"}
NOT_COMPARABLE = ("/sessions", "/quotes")  # the response differs each time


class Broken(Exception):
    """The scenario cannot continue; the record has the reason."""


class Refused(Exception):
    """A problem document: status and code."""

    def __init__(self, status, code, text):
        super().__init__(f"{status} {code}: {text}")
        self.status, self.code = status, code


class Connections:
    """The connections of all clients to the gateway; some responses are dropped."""

    def __init__(self, url: str, rng: Random) -> None:
        self.rng = rng
        self.repeats: set[asyncio.Task] = set()
        limits = httpx.Limits(max_connections=300, max_keepalive_connections=60)
        self.http = httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=RESPONSE_WITHIN, limits=limits)

    async def repeated(self) -> None:
        """Wait for all repeated requests."""
        while self.repeats:
            await asyncio.gather(*self.repeats)

    async def close(self) -> None:
        for repeat in self.repeats:
            repeat.cancel()
        await self.http.aclose()


class Client:
    """A client with or without a token."""

    def __init__(self, connections: Connections, record: Record, token: str | None = None) -> None:
        self.connections, self.record, self.token = connections, record, token
        self.retry_for = TIMEOUT

    async def get(self, path, **parameters):
        return (await self.call("GET", path, params=parameters)).json()

    async def post(self, path, body=None, *, key=None, allow=(), **rest):
        """The response's document; raises Refused with one of the codes that the scenario allows."""
        requested = {"body": {} if body is None else body, "key": key, **rest}
        as_now = Client(self.connections, self.record, self.token)  # a later sign-in changes the caller
        answer = await self.call("POST", path, allow=allow, **requested)
        document = answer.json() if answer.content else None
        if not path.startswith(NOT_COMPARABLE) and self.connections.rng.random() < REPEATED_SHARE:
            repeat = asyncio.create_task(as_now._repeat(path, document, requested))
            self.connections.repeats.add(repeat)
            repeat.add_done_callback(self.connections.repeats.discard)
        return document

    async def _repeat(self, path, before, requested):
        """Repeat it later: the same response, or, without a key, a refusal because the order has changed."""
        await asyncio.sleep(self.connections.rng.uniform(*REPEATED_AFTER))
        try:
            answer = await self.call(
                "POST", path, allow=() if requested["key"] else REFUSED_IF_CHANGED, **requested
            )
        except Refused as refused:
            self.record.repeats[f"POST {refused.code}"] += 1
        except Broken:
            return  # the reason is in the record
        else:
            self.record.repeats["POST answered"] += 1
            if requested["key"] and answer.json() != before:
                self.record.violated(f"POST {path} was answered {before} first, and {answer.json()} when repeated")

    async def call(self, method, path, *, body=None, key=None, allow=(), headers=None, **rest):
        """Retry until there is a definite response; raises Refused, and Broken for a violation."""
        headers = self._headers(key) | (headers or {})
        began, pause, tries = time.monotonic(), FIRST_PAUSE, 0
        while time.monotonic() - began < self.retry_for:
            tries += 1
            answer = await self._once(method, path, json=body, headers=headers, **rest)
            if answer is not None and answer.status_code not in RETRIED_STATUSES | {429}:
                return self._checked(method, path, answer, allow)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            self.record.retried(method, path)
        self.record.violated(f"{method} {path}: no response in {self.retry_for:g} s, {tries} tries")
        raise Broken(path)

    async def _once(self, method, path, **rest):
        if rest.get("json") is None or "content" in rest:
            rest.pop("json")
        try:
            answer = await self.connections.http.request(method, path, **rest)
        except httpx.TransportError as failure:
            self.record.answers[type(failure).__name__] += 1
            return None
        if answer.is_success and self.connections.rng.random() < DROPPED_SHARE:
            self.record.answers["dropped"] += 1
            return None
        self.record.answers[answer.status_code] += 1
        return answer

    def _checked(self, method, path, answer, allow):
        if answer.is_success:
            return answer
        refused = _problem(answer)
        if answer.status_code < 500 and refused.code in allow:
            raise refused
        self.record.violated(
            f"{method} {path} was answered {refused} (request {answer.headers.get('x-request-id')})"
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
    """An idempotency key from a seeded generator."""
    return str(UUID(int=rng.getrandbits(128), version=4))
