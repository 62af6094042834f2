"""The provider call worker: claims calls in a transaction, makes them outside of it, settles them in another.

Each call is made in a thread of its own. Those that end while others are being settled are settled together.
"""

import threading
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from shared import observe, spans, trace
from shared.ids import new_id
from shared.pace import Pace
from shared.provider_calls import metrics
from shared.provider_calls.model import Call
from shared.provider_calls.outcomes import ProviderRefused, ProviderSilent
from shared.provider_calls.procedures import PreparedCall, Procedure, Procedures
from shared.provider_calls.settling import Made, Settling
from shared.work import OpenWork

# Longer than any call takes, so that a call is repeated only if its process died; and short enough for checkouts,
# which give up a payment that is not opened within 30 s.
LEASE = timedelta(seconds=20)


class Places:
    """The places for concurrent calls of a process."""

    def __init__(self, at_once: int) -> None:
        self._free = threading.Semaphore(at_once)
        self._at_once = at_once

    def take(self) -> int:
        """Take all free places, waiting at most a second for the first; returns how many."""
        if not self._free.acquire(timeout=1):
            return 0
        return 1 + sum(self._free.acquire(blocking=False) for _ in range(self._at_once - 1))

    def leave(self, many: int) -> None:
        """Release so many places."""
        for _ in range(many):
            self._free.release()


class ProviderCallWorker:
    """Makes a service's calls by their procedures, in as many threads as there are places.

    `lease` must be longer than any of the calls takes, including all timeouts. Calls that are requested, or end,
    within `gather` seconds are claimed, or settled, in one transaction: for calls that nobody waits for.
    """

    def __init__(
        self,
        service: str,
        procedures: Procedures,
        places: Places | None = None,
        lease: timedelta = LEASE,
        gather: float = 0.0,
    ) -> None:
        self.procedures, self.lease, self._gather = procedures, lease, gather
        self._service, self._places = service, places or Places(64)
        self._pace = Pace()
        self._settling = Settling(lambda: self.procedures, self._places.leave, gather)

    def run(self, open_work: OpenWork[Any], requested: threading.Event) -> None:
        """Wait until a call is requested in this process or a second has passed, then start all due calls."""
        if requested.wait(timeout=1):
            time.sleep(max(self._gather, self._pace.left))
        requested.clear()
        while self.start_due(open_work):
            pass

    def start_due(self, open_work: OpenWork[Any]) -> bool:
        """Start due calls, as many as there are free places; returns whether more may be due."""
        free = self._places.take()
        claimed: list[PreparedCall] = []
        more = False
        try:
            if free:
                began = time.monotonic()
                claimed, more = self._claimed(open_work, free)
                self._pace.ended(len(claimed), time.monotonic() - began)
        finally:
            self._places.leave(free - len(claimed))
        for prepared in claimed:
            threading.Thread(target=self._run, args=(open_work, prepared), daemon=True).start()
        return more

    def claim(self, open_work: OpenWork[Any], many: int) -> list[PreparedCall]:
        """Claim up to `many` due calls; returns those that have to be made, none only if no more are due."""
        claimed, more = self._claimed(open_work, many)
        while more and not claimed:
            claimed, more = self._claimed(open_work, many)
        return claimed

    def carry_out(self, open_work: OpenWork[Any], prepared: PreparedCall) -> None:
        """Make a call and settle it. If it cannot be settled, the call is repeated after its lease."""
        self._settling.settle(open_work, [self._make(prepared)])

    def _claimed(self, open_work: OpenWork[Any], many: int) -> tuple[list[PreparedCall], bool]:
        """The calls to be made of up to `many` due ones, and whether more may be due."""
        with open_work() as work:
            calls = work.calls.claim(many, self.procedures, now=work.now, lease=self.lease)
            return self._prepared(work, calls), len(calls) == many

    def _prepared(self, work: Any, calls: list[Any]) -> list[PreparedCall]:
        ready: list[PreparedCall] = []
        for kind, procedure in self.procedures.items():
            own = [replace(call, pauses=procedure.pauses) for call in calls if call.kind == kind]
            if len(own) > 1:
                procedure.before_preparing(work, own)
            for group in [own] if procedure.together and own else [[call] for call in own]:
                ready += self._prepared_by(procedure, work, group)
        return ready

    def _prepared_by(self, procedure: Procedure, work: Any, calls: list[Any]) -> list[PreparedCall]:
        """The calls as prepared by their procedure; one for which that fails is retried after its pause."""
        try:
            return procedure.prepared(work, calls)
        except SQLAlchemyError:  # the claiming transaction has failed
            raise
        except Exception as failure:  # noqa: BLE001 - the other calls are claimed nevertheless
            if len(calls) > 1:
                return [ready for call in calls for ready in self._prepared_by(procedure, work, [call])]
            (call,) = calls
            observe.log.exception("provider call not prepared", kind=call.kind, key=str(call.key))
            work.calls.postpone(call, work.now + call.pause(), f"not prepared: {type(failure).__name__}")
            return []

    def _make(self, prepared: PreparedCall) -> Made:
        request = _request_of(prepared.call)
        with trace.following(request), self._span(prepared):
            answer = _answer(prepared)
            return Made(call=prepared.call, answer=answer, trace=trace.current() or request)

    def _span(self, prepared: PreparedCall) -> spans.Span:
        attributes = {**prepared.attributes, "jishi.call.tries": prepared.call.tries}
        return spans.span(f"{self._service}.{prepared.call.kind}", attributes=attributes)

    def _run(self, open_work: OpenWork[Any], prepared: PreparedCall) -> None:
        try:
            made = self._make(prepared)
        except Exception:  # noqa: BLE001 - the call is repeated after its lease
            observe.log.exception("provider call not made", kind=prepared.call.kind, key=str(prepared.call.key))
            self._places.leave(1)
        else:
            self._settling.add(open_work, made)


def _answer(prepared: PreparedCall) -> Any:
    """The provider's answer, or the exception for a refusal or a missing answer."""
    begun, call = time.monotonic(), prepared.call
    with spans.span(f"{prepared.provider} {call.kind}", kind="client") as span:
        outcome, answer = _made(prepared)
        if outcome != "done":
            span.fail(outcome)
    metrics.provider_seconds.labels(prepared.provider, call.kind, outcome).observe(time.monotonic() - begun)
    if outcome != "done":
        about = {"provider": prepared.provider, "call": call.kind, "tries": call.tries, "about": str(call.about)}
        observe.log.warning(f"provider {outcome}", why=str(answer), **about)
    return answer


def _made(prepared: PreparedCall) -> tuple[str, Any]:
    try:
        return "done", prepared.make()
    except ProviderRefused as refused:
        return "refused", refused
    except ProviderSilent as silent:
        return "silent", silent


def _request_of(call: Call) -> trace.Trace:
    return trace.Trace(call.correlation_id or new_id(), call.traceparent)
