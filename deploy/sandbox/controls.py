"""The controls: actions of payer and provider, as JSON for tests and as buttons for users."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox import schemas
from sandbox.behaviour import Fault
from sandbox.errors import Refused
from sandbox.page import page_address
from sandbox.parts import Parts, parts_of
from sandbox.trades import Transaction

LISTED = 100
Control = Callable[[Parts, dict[str, Any]], Awaitable[Any]]


def transaction_view(parts: Parts, trade: Transaction) -> dict[str, Any]:
    """Return a transaction with its refunds and notifications."""
    notifications = [
        {"id": r.id, "event_type": r.event_type, "attempts": r.attempts, "answer": r.last_answer}
        for r in parts.store.notifications_of(trade.out_trade_no)
    ]
    refunds = [asdict(refund) for refund in parts.store.refunds_of(trade.out_trade_no)]
    return asdict(trade) | {"expired": trade.expired(), "refunds": refunds, "notifications": notifications}


async def _list(parts: Parts, _requested: dict[str, Any]) -> Any:
    return {"items": [transaction_view(parts, trade) for trade in parts.store.transactions(LISTED)]}


async def _list_mails(parts: Parts, requested: dict[str, Any]) -> Any:
    return {"items": [asdict(mail) for mail in parts.mailbox.newest(LISTED, requested.get("recipient"))]}


async def _show(parts: Parts, requested: dict[str, Any]) -> Any:
    return transaction_view(parts, parts.provider.find("out_trade_no", requested["number"]))


async def _scan(parts: Parts, requested: dict[str, Any]) -> Any:
    trade = parts.provider.find("code_url", str(requested.get("code_url", "")).strip())
    return transaction_view(parts, parts.provider.pay(trade.out_trade_no, "pay"))


def _pay(move: str) -> Control:
    async def control(parts: Parts, requested: dict[str, Any]) -> Any:
        return transaction_view(parts, parts.provider.pay(requested["number"], move))

    return control


async def _notify_twice(parts: Parts, requested: dict[str, Any]) -> Any:
    """Send the last notification two more times, concurrently."""
    notifications = parts.store.notifications_of(
        parts.provider.find("out_trade_no", requested["number"]).out_trade_no
    )[-1:]
    answers = await asyncio.gather(*(parts.notifier.deliver(notification) for notification in notifications * 2))
    return {"sent": [{"event_type": notifications[0].event_type, "answer": answer} for answer in answers]}


async def _notify_out_of_order(parts: Parts, requested: dict[str, Any]) -> Any:
    """Send all notifications again, also held ones, the newest first."""
    parts.provider.hold_notifications(requested["number"], held=False)
    newest_first = reversed(parts.store.notifications_of(requested["number"]))
    sent = [{"event_type": r.event_type, "answer": await parts.notifier.deliver(r)} for r in newest_first]
    return {"sent": sent}


async def _hold(parts: Parts, requested: dict[str, Any]) -> Any:
    parts.provider.hold_notifications(requested["number"], held=True)
    return await _show(parts, requested)


async def _plan_refund(parts: Parts, requested: dict[str, Any]) -> Any:
    code, times = str(requested.get("code") or "NOT_ENOUGH"), _whole(requested.get("times") or 1, "times")
    parts.provider.plan_refund(requested["number"], str(requested.get("outcome")), code, times)
    return await _show(parts, requested)


async def _refund_by_hand(parts: Parts, requested: dict[str, Any]) -> Any:
    amount = requested.get("amount")
    made = parts.provider.refund_by_hand(requested["number"], _whole(amount, "amount") if amount else None)
    return asdict(made)


def _whole(value: Any, name: str) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Refused("PARAM_ERROR", f"{name}: {value!r}", f"/body/{name}") from None


def _finish(move: str) -> Control:
    async def control(parts: Parts, requested: dict[str, Any]) -> Any:
        parts.provider.finish_refund(requested["number"], move)
        return asdict(parts.provider.find_refund(requested["number"])[0])

    return control


async def _add_fault(parts: Parts, requested: dict[str, Any]) -> Any:
    parts.behaviour.add(Fault.read(requested))
    return {"open": parts.behaviour.open()}


async def _clear_faults(parts: Parts, _requested: dict[str, Any]) -> Any:
    parts.behaviour.clear()
    return {"open": []}


def _endpoint(control: Control) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            result = await control(parts_of(request), await _requested(request) | request.path_params)
        except Refused as refused:
            return _answer(request, refused.body(), refused.status, refused.message)
        return _answer(request, result, 200)

    return endpoint


async def _requested(request: Request) -> dict[str, Any]:
    body = await request.body()
    if _from_page(request):
        return dict(parse_qsl(body.decode()))
    return schemas.document(body) if body else {}


def _answer(request: Request, result: Any, status: int, error: str = "") -> Response:
    if _from_page(request):
        return RedirectResponse(page_address(request.query_params.get("lang"), error), 303)
    return JSONResponse(result, status)


def _from_page(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")


_one = "/sandbox/transactions/{number}"
routes = [
    Route("/sandbox/transactions", _endpoint(_list)),
    Route(_one, _endpoint(_show)),
    Route("/sandbox/pay", _endpoint(_scan), methods=["POST"]),
    Route(f"{_one}/notify-twice", _endpoint(_notify_twice), methods=["POST"]),
    Route(f"{_one}/notify-out-of-order", _endpoint(_notify_out_of_order), methods=["POST"]),
    Route(f"{_one}/hold-notifications", _endpoint(_hold), methods=["POST"]),
    Route(f"{_one}/next-refund", _endpoint(_plan_refund), methods=["POST"]),
    Route(f"{_one}/refund-by-hand", _endpoint(_refund_by_hand), methods=["POST"]),
    *(Route(f"{_one}/{move}", _endpoint(_pay(move)), methods=["POST"]) for move in ("pay", "fail", "pay-late")),
    *(
        Route(f"/sandbox/refunds/{{number}}/{move}", _endpoint(_finish(move)), methods=["POST"])
        for move in ("succeed", "abnormal", "close")
    ),
    Route("/sandbox/behaviour", _endpoint(_add_fault), methods=["POST"]),
    Route("/sandbox/behaviour", _endpoint(_clear_faults), methods=["DELETE"]),
    Route("/sandbox/mails", _endpoint(_list_mails)),
    Route("/sandbox/mails/{recipient}", _endpoint(_list_mails)),
]
