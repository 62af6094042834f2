"""The provider's calls, carried out: claimed in one transaction, made outside any, settled in a second one."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from payments import metrics
from payments.domain.calls import Call, CallKind, number_of
from payments.domain.captures import Capture
from payments.domain.payment import Payment, State
from payments.domain.refunds import Refund
from payments.provider import Closing, Provider, ProviderRefused, ProviderSilent
from payments.use_cases import cancelling, capturing, opening, refund_attempts
from payments.work import Work
from shared import observe, spans, trace
from shared.db import OpenWork
from shared.ids import new_id

# Longer than any call takes, so that it is made again only if its process died; and short enough for a checkout,
# which gives up a payment that was not opened within 30 s.
LEASE = timedelta(seconds=20)


@dataclass(frozen=True, kw_only=True)
class Errand:
    """A call, and what has to be known to make it."""

    call: Call
    payment: Payment
    refund: Refund | None = None
    capture: Capture | None = None

    @property
    def number(self) -> str:
        return number_of(self.call.key)


def _open(provider: Provider, errand: Errand) -> str | None:
    payment = errand.payment
    if payment.state is not State.OPENING:  # cancelled, or even paid, before it was asked for
        return None
    return provider.open(errand.number, payment.description, payment.amount, payment.expires_at)


def _query(provider: Provider, errand: Errand) -> Any:
    return provider.query(errand.number)


def _close(provider: Provider, errand: Errand) -> Any:
    closing = provider.close(errand.number)
    return provider.query(errand.number) if closing is Closing.PAID else closing


def _refund(provider: Provider, errand: Errand) -> Any:
    refund, paid = errand.refund, errand.capture
    assert refund is not None
    if refund.decided:  # by hand, or under another number
        return None
    attempt_id = paid.attempt_id if paid else errand.payment.attempt_id
    assert attempt_id is not None
    whole = paid.amount if paid else errand.payment.amount
    return provider.refund(errand.number, number_of(attempt_id), refund.amount, whole, refund.reason)


def _query_refund(provider: Provider, errand: Errand) -> Any:
    return provider.query_refund(errand.number)


KINDS: dict[CallKind, tuple[Callable[[Provider, Errand], Any], Callable[[Work, Call, Any], None]]] = {
    CallKind.OPEN: (_open, opening.settle_open),
    CallKind.QUERY: (_query, capturing.settle_query),
    CallKind.CLOSE: (_close, cancelling.settle_close),
    CallKind.REFUND: (_refund, refund_attempts.settle_refund),
    CallKind.QUERY_REFUND: (_query_refund, refund_attempts.settle_query_refund),
}


def claim(open_work: OpenWork[Work], many: int) -> list[Errand]:
    """Take up to so many due calls for oneself."""
    with open_work() as work:
        return [_errand(work, call) for call in work.calls.claim(many, now=work.now, lease=LEASE)]


def carry_out(open_work: OpenWork[Work], provider: Provider, errand: Errand) -> None:
    """Make a call, then store what it came to. An answer that cannot be stored is asked for again."""
    ask, settle = KINDS[errand.call.kind]
    with trace.following(_request_of(errand.call)), _span(errand):
        answer = _answer(ask, provider, errand)
        with open_work() as work:
            settle(work, errand.call, answer)


class Runner:
    """Carries out calls, at most `at_once` at a time, so that a slow one keeps no other waiting."""

    def __init__(self, at_once: int = 16) -> None:
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
        errands: list[Errand] = []
        try:
            errands = claim(open_work, room) if room else []
        finally:
            self._leave(room - len(errands))
        for errand in errands:
            threading.Thread(target=self._run, args=(open_work, provider, errand), daemon=True).start()
        return len(errands)

    def _room(self) -> int:
        """Take all places that are free, waiting a moment for the first."""
        if not self._free.acquire(timeout=1):
            return 0
        return 1 + sum(self._free.acquire(blocking=False) for _ in range(self.at_once - 1))

    def _run(self, open_work: OpenWork[Work], provider: Provider, errand: Errand) -> None:
        try:
            carry_out(open_work, provider, errand)
        except Exception:  # noqa: BLE001 - the lease ends, and the call is made again
            observe.log.exception("provider call not settled", kind=errand.call.kind, key=str(errand.call.key))
        finally:
            self._leave(1)

    def _leave(self, many: int) -> None:
        for _ in range(many):
            self._free.release()


def _answer(ask: Callable[[Provider, Errand], Any], provider: Provider, errand: Errand) -> Any:
    """What the provider answers; a refusal and a silence are answers too, and are returned."""
    begun, call = time.monotonic(), errand.call
    with spans.span(f"{errand.payment.method} {call.kind}", kind="client") as span:
        outcome, answer = _asked(ask, provider, errand)
        if outcome != "done":
            span.fail(outcome)
    metrics.provider_seconds.labels(call.kind, outcome).observe(time.monotonic() - begun)
    if outcome != "done":
        about = {"call": call.kind, "payment_id": str(call.payment_id), "tries": call.tries}
        observe.log.warning(f"provider {outcome}", why=str(answer), **about)
    return answer


def _asked(ask: Callable[[Provider, Errand], Any], provider: Provider, errand: Errand) -> tuple[str, Any]:
    try:
        return "done", ask(provider, errand)
    except ProviderRefused as refused:
        return "refused", refused
    except ProviderSilent as silent:
        return "silent", silent


def _request_of(call: Call) -> trace.Trace:
    return trace.Trace(call.correlation_id or new_id(), call.traceparent)


def _span(errand: Errand) -> spans.Span:
    call = errand.call
    ids = {"jishi.payment.id": str(call.payment_id), "jishi.checkout.id": str(errand.payment.checkout_id)}
    return spans.span(f"payments.{call.kind}", attributes={**ids, "jishi.call.tries": call.tries})


def _errand(work: Work, call: Call) -> Errand:
    payment = work.payments.find(call.payment_id)
    assert payment is not None
    if call.kind is not CallKind.REFUND:
        return Errand(call=call, payment=payment)
    attempt = work.refund_attempts.find(call.key)
    refund = work.refunds.find(attempt.refund_id) if attempt else None
    capture = work.captures.find(refund.capture_id) if refund and refund.capture_id else None
    return Errand(call=call, payment=payment, refund=refund, capture=capture)
