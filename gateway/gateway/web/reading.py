"""What pages are made of: answers of public requests, and the origin that their addresses begin with."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from gateway.route import RequestType
from gateway.serving import Gateway, ids_in
from gateway.web.plain import Read


def origin_of(gateway: Gateway, request: Request) -> str:
    """The origin under which people reach the pages: as configured, else that of the request."""
    return gateway.config.public_url or f"{request.url.scheme}://{request.url.netloc}"


def reading(gateway: Gateway, note: Callable[[set[str]], None] | None = None) -> Read:
    """Calls public requests; `note` is given the ids on which an answer depends, for the cache."""

    async def read(request: RequestType, asked: dict[str, Any]) -> Any:
        document = await gateway.rpc.call(request.contract.method, asked, token=None, within=8)
        if note:
            note(set(ids_in(request.contract, document)))
        return document

    return read
