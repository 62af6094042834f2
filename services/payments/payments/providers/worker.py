"""The provider call worker: calls are claimed in one transaction, made outside any, settled in a second one."""

import threading
import time
from datetime import timedelta
from typing import Any

from payments import metrics
from payments.providers.interface import Provider, ProviderRefused, ProviderSilent
from payments.providers.model import Call
from payments.providers.procedures import Procedures, ProviderCall
from payments.work import Work
from shared import observe, spans, trace
from shared.db import OpenWork
from shared.ids import new_id

# Longer than any call takes, so that it is made again only if its process died; and short enough for a checkout,
# which gives up a payment that was not opened within 30 s.
LEASE = timedelta(seconds=20)


class ProviderCallWorker:
    """Makes provider calls, at most `at_once` at a time, so that a slow one keeps no other waiting."""

    def __init__(self, procedures: Procedures, at_once: int = 16) -> None:
        self.procedures = procedures
        self._free = threading.Semaphore(at_once)
        self.at_once = at_once

    def run(self, open_work: OpenWork[Work], provider: Provider, asked: threading.Event) -> None:
        """Wait until a call was asked for here, or a second passed, and start all that is due."""
        asked.wait(timeout=1)
        asked.clear()
        while self.start_due(open_work, provider):
            pass

    def start_due(self, open_work: OpenWork[Work], provider: Provider) -> int:
        """Start what is due and there is room for; returns how many calls that were."""
        room = self._room()
        claimed: list[ProviderCall] = []
        try:
            claimed = self.claim(open_work, room) if room else []
        finally:
            self._leave(room - len(claimed))
        for provider_call in claimed:
            arguments = (open_work, provider, provider_call)
            threading.Thread(target=self._run, args=arguments, daemon=True).start()
        return len(claimed)

    def claim(self, open_work: OpenWork[Work], many: int) -> list[ProviderCall]:
        """Take up to so many due calls for oneself."""
        with open_work() as work:
            calls = work.calls.claim(many, now=work.now, lease=LEASE)
            return [self.procedures[call.kind].prepare(work, call) for call in calls]

    def carry_out(self, open_work: OpenWork[Work], provider: Provider, provider_call: ProviderCall) -> None:
        """Make a call, then store what it came to. An answer that cannot be stored is asked for again."""
        call = provider_call.call
        with trace.following(_request_of(call)), _span(provider_call):
            answer = _answer(provider, provider_call)
            with open_work() as work:
                self.procedures[call.kind].settle(work, call, answer)

    def _room(self) -> int:
        """Take all places that are free, waiting a second at most for the first."""
        if not self._free.acquire(timeout=1):
            return 0
        return 1 + sum(self._free.acquire(blocking=False) for _ in range(self.at_once - 1))

    def _run(self, open_work: OpenWork[Work], provider: Provider, provider_call: ProviderCall) -> None:
        call = provider_call.call
        try:
            self.carry_out(open_work, provider, provider_call)
        except Exception:  # noqa: BLE001 - the lease ends, and the call is made again
            observe.log.exception("provider call not settled", kind=call.kind, key=str(call.key))
        finally:
            self._leave(1)

    def _leave(self, many: int) -> None:
        for _ in range(many):
            self._free.release()


def _answer(provider: Provider, provider_call: ProviderCall) -> Any:
    """What the provider answers; a refusal and a silence are answers too, and are returned."""
    begun, call = time.monotonic(), provider_call.call
    with spans.span(f"{provider_call.method} {call.kind}", kind="client") as span:
        outcome, answer = _made(provider, provider_call)
        if outcome != "done":
            span.fail(outcome)
    metrics.provider_seconds.labels(call.kind, outcome).observe(time.monotonic() - begun)
    if outcome != "done":
        about = {"call": call.kind, "payment_id": str(call.payment_id), "tries": call.tries}
        observe.log.warning(f"provider {outcome}", why=str(answer), **about)
    return answer


def _made(provider: Provider, provider_call: ProviderCall) -> tuple[str, Any]:
    try:
        return "done", provider_call.make(provider)
    except ProviderRefused as refused:
        return "refused", refused
    except ProviderSilent as silent:
        return "silent", silent


def _request_of(call: Call) -> trace.Trace:
    return trace.Trace(call.correlation_id or new_id(), call.traceparent)


def _span(provider_call: ProviderCall) -> spans.Span:
    call = provider_call.call
    ids = {"jishi.payment.id": str(call.payment_id), "jishi.checkout.id": str(provider_call.checkout_id)}
    return spans.span(f"payments.{call.kind}", attributes={**ids, "jishi.call.tries": call.tries})
