"""The doors of the services over RPC, signed in as the auditor."""

import contextlib
import time
from collections.abc import Iterable, Iterator
from typing import Any

from auditor.checks import AuditIncomplete, Json, Queries
from shared.answers import ServiceFailed
from shared.contracts.users.requests import SignIn
from shared.errors import Kind, Refusal
from shared.rpc_client import RpcClient

PAGE, SMALLER = 500, 5
FRESH = 600.0  # seconds that a token is used; it holds for 900
PAUSES = (0.2, 1.0, 3.0)  # seconds before asking again somebody who did not answer


AWAY = 10.0  # seconds for which somebody who did not answer is not asked any more


class Unavailing(Exception):
    """No answer this time."""


class Failed(AuditIncomplete):
    """The service could not carry out what it was asked: a statement took too long, say."""


class RpcQueries:
    """Asks each service; one that is away for a moment is asked again."""

    def __init__(self, rpc_client: RpcClient, email: str, password: str) -> None:
        self._rpc_client, self._account = rpc_client, {"email": email, "password": password}
        self._token, self._signed_in_at = "", float("-inf")
        self._away: dict[str, tuple[float, AuditIncomplete]] = {}

    def call(self, method: str, request: Json) -> Any:
        """The answer. Raises CouldNotLook when there is none, Refused for a refusal."""
        return self._patiently(method, request, self._fresh_token())

    def pages(self, method: str, **request: Any) -> Iterator[Json]:
        """Every page of a door."""
        return pages(self, method, request)

    def _fresh_token(self) -> str:
        if time.monotonic() - self._signed_in_at > FRESH:
            self._token = self._patiently(SignIn.contract.method, self._account)["access_token"]
            self._signed_in_at = time.monotonic()
        return self._token

    def _patiently(self, method: str, request: Json, token: str | None = None) -> Any:
        service = method.partition(".")[0]
        until, reason = self._away.get(service, (0.0, None))
        if reason and time.monotonic() < until:
            raise reason
        for pause in PAUSES:
            with contextlib.suppress(Unavailing):
                return self._once(method, request, token)
            time.sleep(pause)
        try:
            return self._once(method, request, token)
        except Unavailing as last:
            away = AuditIncomplete(f"{service} does not answer: {last}")
            self._away[service] = (time.monotonic() + AWAY, away)
            raise away from last

    def _once(self, method: str, request: Json, token: str | None) -> Any:
        try:
            return self._rpc_client.call(method, request, token=token)
        except ServiceFailed as failure:
            raise Failed(f"{method} failed; the log of the service says why") from failure
        except Refusal as refusal:
            if refusal.kind is Kind.UNAVAILABLE:
                raise Unavailing(refusal.detail) from refusal
            if refusal.kind in (Kind.UNAUTHENTICATED, Kind.FORBIDDEN):
                raise AuditIncomplete(f"{method}: {refusal.detail}") from refusal
            raise


class Narrowed:
    """The same doors, showing nothing but what some keys name."""

    def __init__(self, queries: Queries, keys: Iterable[str]) -> None:
        self._queries, self._keys = queries, sorted(keys)

    def call(self, method: str, request: Json) -> Any:
        return self._queries.call(method, request)

    def pages(self, method: str, **request: Any) -> Iterator[Json]:
        waiting = [self._keys[start : start + PAGE] for start in range(0, len(self._keys), PAGE)]
        while waiting:
            some = waiting.pop(0)
            try:
                page = self._queries.call(method, {**request, "ids": some})
            except Failed:
                if len(some) == 1:
                    raise
                waiting[:0] = [some[: len(some) // 2], some[len(some) // 2 :]]
            else:
                yield page


def pages(queries: Queries, method: str, request: Json) -> Iterator[Json]:
    """Every page of a door, asked for one after another; one that is too much for the service in smaller ones."""
    after, limit = request.pop("after", None), request.pop("limit", PAGE)
    while True:
        try:
            page = queries.call(method, {**request, "limit": limit, "after": after})
        except Failed:
            if limit == 1:
                raise
            limit = max(limit // SMALLER, 1)
            continue
        yield page
        if (after := page["next"]) is None:
            return
