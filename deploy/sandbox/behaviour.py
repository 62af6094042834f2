"""Bad days of the provider, on order: the next calls of a kind are slow, lost, refused or answered falsely."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sandbox.errors import STATUS, Refused

Answer = TypeVar("Answer")
ROUTES = ("prepay", "query", "close", "refund", "query_refund")
EFFECTS = ("delay", "drop", "error", "forge")


class Dropped(Exception):
    """This call gets no answer."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What shall go wrong with the next `calls` calls of `route`.

    `delay` waits `seconds` first; `drop` never answers; `error` answers `code`; `forge` signs its answer wrongly.
    With `done` the work is done before it goes wrong: the merchant cannot tell, and has to ask again.
    """

    route: str
    effect: str
    calls: int = 1
    seconds: float = 1.0
    code: str = "SYSTEM_ERROR"
    done: bool = False

    @classmethod
    def read(cls, document: dict[str, Any]) -> "Fault":
        """Make a wish of a JSON object or a form; raise PARAM_ERROR for one that cannot be granted."""
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
    """The wishes that are still open, one for each route."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[Fault, int]] = {}

    def order(self, fault: Fault) -> None:
        self._left[fault.route] = (fault, fault.calls)

    def clear(self) -> None:
        self._left.clear()

    def open(self) -> list[dict[str, Any]]:
        return [
            {"route": fault.route, "effect": fault.effect, "calls": left} for fault, left in self._left.values()
        ]

    def take(self, route: str) -> Fault | None:
        """Return the wish for this call, if any, and count it."""
        fault, left = self._left.pop(route, (None, 0))
        if fault and left > 1:
            self._left[route] = (fault, left - 1)
        return fault


async def perform(fault: Fault | None, work: Callable[[], Answer]) -> Answer:
    """Do the work the way the wish wants it; a drop raises Dropped."""
    if fault and fault.effect == "delay":
        await asyncio.sleep(fault.seconds)
    if fault is None or fault.effect in {"delay", "forge"}:
        return work()
    if fault.done:
        work()
    raise Dropped if fault.effect == "drop" else Refused(fault.code)
