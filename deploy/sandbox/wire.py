"""The routes of WeChat Pay API v3 for native payments, with signatures of requests and responses.

Their documentation: https://pay.weixin.qq.com/doc/v3/merchant/4012791858 and the pages beside it.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import schemas
from sandbox.behaviour import Dropped, perform
from sandbox.errors import Refused
from sandbox.metrics import REQUESTS
from sandbox.parts import Parts, parts_of
from sandbox.signing import sign
from sandbox.trades import refund_document, transaction_document

Document = dict[str, Any] | None
Work = Callable[[Parts, Request, bytes], Document]


def _prepay(parts: Parts, _request: Request, body: bytes) -> Document:
    return {"code_url": parts.provider.prepay(schemas.prepay(schemas.document(body)))}


def _query(column: str) -> Work:
    def work(parts: Parts, request: Request, _body: bytes) -> Document:
        _same_merchant(parts, request.query_params.get("mchid"))
        return transaction_document(parts.provider.find(column, request.path_params["number"]))

    return work


def _close(parts: Parts, request: Request, body: bytes) -> Document:
    _same_merchant(parts, schemas.document(body).get("mchid"))
    parts.provider.close(request.path_params["number"])
    return None


def _refund(parts: Parts, _request: Request, body: bytes) -> Document:
    return refund_document(*parts.provider.refund(schemas.refund(schemas.document(body))))


def _query_refund(parts: Parts, request: Request, _body: bytes) -> Document:
    return refund_document(*parts.provider.find_refund(request.path_params["number"]))


def _same_merchant(parts: Parts, mchid: object) -> None:
    if mchid != parts.keys.mchid:
        raise Refused("PARAM_ERROR", "mchid与商户号不一致", "mchid")


def _endpoint(name: str, work: Work) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        parts, forged = parts_of(request), False
        try:
            body = await _signed_body(parts, request)
            fault = parts.behaviour.take(name)
            forged = fault is not None and fault.effect == "forge"
            document = await perform(fault, lambda: work(parts, request, body))
        except Refused as refused:
            return _answer(parts, name, refused.status, refused.body())
        except Dropped:
            return await _hold(parts, name, request)
        return _answer(parts, name, 200 if document else 204, document, forged=forged)

    return endpoint


async def _signed_body(parts: Parts, request: Request) -> bytes:
    body = await request.body()
    query = request.scope["query_string"].decode()
    target = request.scope.get("raw_path", request.url.path.encode()).decode() + (f"?{query}" if query else "")
    parts.verifier.check(request.headers.get("authorization", ""), request.method, target, body)
    return body


def _answer(parts: Parts, name: str, status: int, document: Document, *, forged: bool = False) -> Response:
    REQUESTS.labels(name, document["code"] if status >= 400 and document else "OK").inc()
    body = json.dumps(document, ensure_ascii=False).encode() if document else b""
    headers = sign(parts.keys, body + b"forged" if forged else body)
    return Response(body, status, headers, media_type="application/json")


async def _hold(parts: Parts, name: str, request: Request) -> Response:
    """Keep the merchant waiting until it disconnects. An empty response ends the call."""
    REQUESTS.labels(name, "DROPPED").inc()
    with suppress(TimeoutError):
        await asyncio.wait_for(_disconnected(request), parts.settings.drop_seconds)
    return Response(status_code=504)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


routes = [
    Route("/v3/pay/transactions/native", _endpoint("prepay", _prepay), methods=["POST"]),
    Route("/v3/pay/transactions/out-trade-no/{number}", _endpoint("query", _query("out_trade_no"))),
    Route("/v3/pay/transactions/id/{number}", _endpoint("query", _query("transaction_id"))),
    Route("/v3/pay/transactions/out-trade-no/{number}/close", _endpoint("close", _close), methods=["POST"]),
    Route("/v3/refund/domestic/refunds", _endpoint("refund", _refund), methods=["POST"]),
    Route("/v3/refund/domestic/refunds/{number}", _endpoint("query_refund", _query_refund)),
]
