"""Services with prepared answers, callers with tokens, and a client without a network."""

import asyncio
from functools import partialmethod

import httpx

from shared import trace
from shared.auth import Caller, sign
from shared.ids import new_id
from shared.permissions import Role

SHOPPER = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.SHOPPER}))
OPERATOR = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.SHOPPER, Role.OPERATOR}))


class Services:
    """Stands in for the RPC client: `answers` by method: a value, an exception, or a list of these in turn."""

    def __init__(self):
        self.answers = {}
        self.requested = []
        self.traces = []

    async def call(self, method, request, *, token, within):
        self.requested.append((method, request))
        self.traces.append(trace.current())
        answer = self.answers[method]
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Client:
    """Sends one request at a time to an ASGI application in this process."""

    def __init__(self, app):
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    def request(self, method, path, **more):
        return asyncio.run(self._send(method, path, **more))

    get = partialmethod(request, "GET")
    head = partialmethod(request, "HEAD")
    options = partialmethod(request, "OPTIONS")
    post = partialmethod(request, "POST")
    put = partialmethod(request, "PUT")
    patch = partialmethod(request, "PATCH")
    delete = partialmethod(request, "DELETE")

    async def _send(self, method, path, **more):
        async with httpx.AsyncClient(transport=self._transport, base_url="http://gateway") as client:
            return await client.request(method, path, **more)


def bearer(caller=SHOPPER):
    return {"Authorization": f"Bearer {sign(caller)}"}


def problem(response):
    """Status and code of a problem document."""
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert document["status"] == response.status_code
    assert document["type"] == f"urn:jishi:problem:{document['code']}"
    return response.status_code, document["code"]
