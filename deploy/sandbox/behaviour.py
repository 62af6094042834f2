"""Faults of the provider, as configured: the next calls of a route are slow, lost, refused or wrongly signed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sandbox.errors import STATUS, Refused

Answer = TypeVar("Answer")
ROUTES = ("prepay", "query", "close", "refund", "query_refund")
EFFECTS = ("delay", "drop", "error", "forge")


class Dropped(Exception):
    """This call gets no response."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault of the next `calls` calls of `route`.

    `delay` waits `seconds` first; `drop` never responds; `error` responds with `code`; `forge` signs wrongly.
    With `done` the call is executed before it fails: the merchant does not know the outcome, and has to retry.
    """

    route: str
    effect: str
    calls: int = 1
    seconds: float = 1.0
    code: str = "SYSTEM_ERROR"
    done: bool = False

    @classmethod
    def read(cls, document: dict[str, Any]) -> "Fault":
        """Read a fault from a JSON object or a form; raise PARAM_ERROR for an invalid one."""
        try:
            fault = cls(
                route=document["route"],
                effect=document["effect"],
                calls=int(document.get("calls", 1)),
                seconds=float(document.get("seconds", 1)),
                code=document.get("code", "SYSTEM_ERROR"),
                done=str(document.get("done", "")).lower() in {"true", "1", "on"},
            )
        except (KeyError, TypeError, ValueError) as wrong:
            raise Refused("PARAM_ERROR", f"behaviour: {wrong!r}") from None
        if fault.route not in ROUTES or fault.effect not in EFFECTS or fault.code not in STATUS:
            raise Refused("PARAM_ERROR", f"route: {ROUTES}, effect: {EFFECTS}, code: {tuple(STATUS)}")
        return fault


class Behaviour:
    """The active faults, at most one for each route."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[Fault, int]] = {}

    def add(self, fault: Fault) -> None:
        self._left[fault.route] = (fault, fault.calls)

    def clear(self) -> None:
        self._left.clear()

    def open(self) -> list[dict[str, Any]]:
        return [
            {"route": fault.route, "effect": fault.effect, "calls": left} for fault, left in self._left.values()
        ]

    def take(self, route: str) -> Fault | None:
        """Return the fault for this call, if any, and count it."""
        fault, left = self._left.pop(route, (None, 0))
        if fault and left > 1:
            self._left[route] = (fault, left - 1)
        return fault


async def perform(fault: Fault | None, work: Callable[[], Answer]) -> Answer:
    """Execute the call with its fault; a drop raises Dropped."""
    if fault and fault.effect == "delay":
        await asyncio.sleep(fault.seconds)
    if fault is None or fault.effect in {"delay", "forge"}:
        return work()
    if fault.done:
        work()
    raise Dropped if fault.effect == "drop" else Refused(fault.code)
