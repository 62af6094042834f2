"""The client of the services' audit queries over RPC, signed in as the auditor."""

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
FRESH = 600.0  # seconds for which a token is used; it is valid for 900
PAUSES = (0.2, 1.0, 3.0)  # seconds before each retry after no reply
AWAY = 10.0  # seconds for which a service is not called after a call without a reply


class NoReply(Exception):
    """A call got no reply."""


class QueryFailed(AuditIncomplete):
    """The service failed to run the query; a statement may have timed out."""


class RpcQueries:
    """Calls the services; retries a call that gets no reply."""

    def __init__(self, rpc_client: RpcClient, email: str, password: str) -> None:
        self._rpc_client, self._account = rpc_client, {"email": email, "password": password}
        self._token, self._signed_in_at = "", float("-inf")
        self._away: dict[str, tuple[float, AuditIncomplete]] = {}

    def call(self, method: str, request: Json) -> Any:
        """The reply. Raises AuditIncomplete when there is none, Refusal when it is refused."""
        return self._with_retries(method, request, self._fresh_token())

    def pages(self, method: str, **request: Any) -> Iterator[Json]:
        """Every page of an audit query."""
        return pages(self, method, request)

    def _fresh_token(self) -> str:
        if time.monotonic() - self._signed_in_at > FRESH:
            self._token = self._with_retries(SignIn.contract.method, self._account)["access_token"]
            self._signed_in_at = time.monotonic()
        return self._token

    def _with_retries(self, method: str, request: Json, token: str | None = None) -> Any:
        service = method.partition(".")[0]
        until, reason = self._away.get(service, (0.0, None))
        if reason and time.monotonic() < until:
            raise reason
        for pause in PAUSES:
            with contextlib.suppress(NoReply):
                return self._once(method, request, token)
            time.sleep(pause)
        try:
            return self._once(method, request, token)
        except NoReply as last:
            away = AuditIncomplete(f"{service} does not answer: {last}")
            self._away[service] = (time.monotonic() + AWAY, away)
            raise away from last

    def _once(self, method: str, request: Json, token: str | None) -> Any:
        try:
            return self._rpc_client.call(method, request, token=token)
        except ServiceFailed as failure:
            raise QueryFailed(f"{method} failed; see the log of the service") from failure
        except Refusal as refusal:
            if refusal.kind is Kind.UNAVAILABLE:
                raise NoReply(refusal.detail) from refusal
            if refusal.kind in (Kind.UNAUTHENTICATED, Kind.FORBIDDEN):
                raise AuditIncomplete(f"{method}: {refusal.detail}") from refusal
            raise


class Narrowed:
    """The same audit queries, limited to some keys."""

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
            except QueryFailed:
                if len(some) == 1:
                    raise
                waiting[:0] = [some[: len(some) // 2], some[len(some) // 2 :]]
            else:
                yield page


def pages(queries: Queries, method: str, request: Json) -> Iterator[Json]:
    """Every page of an audit query; a page that is too large for the service is requested in smaller ones."""
    after, limit = request.pop("after", None), request.pop("limit", PAGE)
    while True:
        try:
            page = queries.call(method, {**request, "limit": limit, "after": after})
        except QueryFailed:
            if limit == 1:
                raise
            limit = max(limit // SMALLER, 1)
            continue
        yield page
        if (after := page["next"]) is None:
            return
