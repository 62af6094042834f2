"""Settles calls that were made: all that wait for it in one transaction, or one by one if that fails."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shared import db_failures, observe
from shared.pace import Pace
from shared.provider_calls.model import Call
from shared.provider_calls.procedures import Procedures
from shared.trace import Trace, following
from shared.work import OpenWork


@dataclass(frozen=True, kw_only=True)
class Made:
    """A call that was made: its answer, or the exception for a refusal or a missing answer.

    `trace` is the trace of what its settlement publishes.
    """

    call: Call
    answer: Any
    trace: Trace


class Settling:
    """The calls that wait to be settled. The thread that adds one settles all, unless another one is doing so.

    So the more calls end at once, the more of them share a transaction. It waits `gather` seconds for others.
    """

    def __init__(
        self, procedures: Callable[[], Procedures], settled: Callable[[int], None], gather: float = 0.0
    ) -> None:
        self._procedures, self._settled, self._gather = procedures, settled, gather
        self._pace = Pace()
        self._waiting: deque[Made] = deque()
        self._busy = threading.Lock()

    def add(self, open_work: OpenWork[Any], made: Made) -> None:
        """Settle this call, or leave that to the thread that is settling; then `settled` is told how many."""
        self._waiting.append(made)
        while self._waiting and self._busy.acquire(blocking=False):
            try:
                time.sleep(max(self._gather, self._pace.left))  # also for 0: others that have ended may add theirs
                many = [self._waiting.popleft() for _ in range(len(self._waiting))]
                with self._pace.batch(len(many)):
                    self._settle_all(open_work, many)
            finally:
                self._busy.release()

    def settle(self, open_work: OpenWork[Any], many: Sequence[Made]) -> None:
        """Settle these calls in one transaction."""
        together: dict[str, list[tuple[Call, Any]]] = {}
        with open_work() as work:
            self._read_in_advance(work, many)
            for made in sorted(many, key=_place):
                procedure = self._procedures()[made.call.kind]
                if procedure.together:
                    together.setdefault(made.call.kind, []).append((made.call, made.answer))
                    continue
                with following(made.trace):
                    procedure.settle(work, made.call, made.answer)
            for kind, own in together.items():
                self._procedures()[kind].settle(work, own)

    def _read_in_advance(self, work: Any, many: Sequence[Made]) -> None:
        of_kind: dict[str, list[Call]] = {}
        for made in many:
            of_kind.setdefault(made.call.kind, []).append(made.call)
        for kind, calls in of_kind.items():
            if len(calls) > 1:
                self._procedures()[kind].before_settling(work, calls)

    def _settle_all(self, open_work: OpenWork[Any], many: Sequence[Made]) -> None:
        try:
            if len(many) == 1 or not self._together(open_work, many):
                self._one_by_one(open_work, many)
        finally:
            self._settled(len(many))

    def _together(self, open_work: OpenWork[Any], many: Sequence[Made]) -> bool:
        try:
            self.settle(open_work, many)
        except Exception as failure:  # noqa: BLE001 - settling one by one shows which call failed
            observe.log.warning("provider calls not settled together", size=len(many), error=repr(failure))
            return False
        return True

    def _one_by_one(self, open_work: OpenWork[Any], many: Sequence[Made]) -> None:
        """Settle each call alone. One that cannot be settled is repeated after its lease."""
        for made in many:
            try:
                self.settle(open_work, [made])
            except Exception as failure:  # noqa: BLE001 - the other calls are settled nevertheless
                about = {"kind": made.call.kind, "key": str(made.call.key)}
                observe.log.exception("provider call not settled", **about)
                if db_failures.is_outage(failure):  # the others would wait for the database, one after the other
                    return


def _place(made: Made) -> tuple[Any, ...]:
    """The order of locks: by the object of the calls, whatever the order in which they ended."""
    return made.call.about, made.call.kind, made.call.key
