"""Payments' repositories in memory; the ledger balances after every posting."""

from collections import Counter
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from uuid import UUID

from payments.providers.model import Call, CallKind
from payments.providers.registry import Registry
from payments.refunding.model.refunds import Attempt, Refund
from payments.taking.model.captures import Capture
from payments.taking.model.notifications import StoredNotification
from payments.taking.model.payment import Payment
from payments.taking.model.unidentified import Unidentified
from tests.model.memory import works
from tests.model.memory.orders import Repository


def whole(payment: Payment) -> Payment:
    twin = copy(payment)
    twin.parts = [replace(part, lines=list(map(copy, part.lines))) for part in payment.parts]
    return twin


class Payments(Repository):
    def read_in_advance(self, _payment_ids) -> None:
        """There are no statements to save here."""

    lock_in_advance = read_in_advance

    def lock(self, payment_id: UUID) -> Payment | None:
        return self.rows.get("payments", payment_id, whole)

    find = lock

    def lock_of_order(self, order_id: UUID) -> Payment | None:
        return self._one(lambda one: any(part.order_id == order_id for part in one.parts))

    def lock_of_attempt(self, attempt_id: UUID) -> Payment | None:
        return self._one(lambda one: one.attempt_id == attempt_id)

    def add(self, payment: Payment) -> None:
        assert not self.find(payment.payment_id), "a payment is added twice"
        self.save(payment)

    def save(self, payment: Payment) -> None:
        self.rows.put("payments", payment.payment_id, payment, whole)

    save_state = save

    def _one(self, which) -> Payment | None:
        found = [one for one in self.rows.all("payments") if which(one)]
        return whole(found[-1]) if found else None


class Captures(Repository):
    def add(self, capture: Capture) -> bool:
        key = (capture.provider, capture.transaction_id)
        if self.rows.get("transactions", key):
            return False
        self.rows.put("transactions", key, capture)
        self.rows.put("captures", capture.capture_id, capture)
        return True

    def find(self, capture_id: UUID) -> Capture:
        return self.rows.get("captures", capture_id)

    def of_transaction(self, provider: str, transaction_id: str) -> Capture:
        return self.rows.get("transactions", (provider, transaction_id))


class Refunds(Repository):
    def find(self, refund_id: UUID) -> Refund | None:
        return self.rows.get("refunds", refund_id)

    def add(self, refund: Refund) -> None:
        assert not self.find(refund.refund_id), "a refund is added twice"
        self.save(refund)

    def put(self, refund: Refund) -> None:
        self.save(refund)

    def save(self, refund: Refund) -> None:
        self.rows.put("refunds", refund.refund_id, refund)


class RefundAttempts(Repository):
    def find(self, attempt_id: UUID) -> Attempt | None:
        return self.rows.get("refund_attempts", attempt_id)

    def of_refunds(self, *refund_ids: UUID) -> list[Attempt]:
        mine = [one for one in self.rows.all("refund_attempts") if one.refund_id in refund_ids]
        return sorted(mine, key=lambda one: (one.refund_id, one.position))

    def add(self, attempt: Attempt) -> None:
        assert not self.find(attempt.attempt_id), "an attempt is added twice"
        self.save(attempt)

    def save(self, attempt: Attempt) -> None:
        alive = [one for one in self.of_refunds(attempt.refund_id) if not one.is_over]
        others = [one for one in alive if one.attempt_id != attempt.attempt_id]
        assert attempt.is_over or not others, "two attempts of a refund are alive"
        self.rows.put("refund_attempts", attempt.attempt_id, attempt)


class Settlements(Repository):
    def lock_numbers(self, *_numbers: str) -> None:
        """No other transaction runs at the same time."""

    def proven_by(self, _amount, *_proofs: str) -> bool:
        """There are no settlements by hand here."""
        return False


class UnidentifiedMoney(Repository):
    def add(self, found: Unidentified) -> bool:
        key = (found.provider, found.kind, found.provider_number, found.why)
        known = self.rows.get("unidentified", key)
        self.rows.put("unidentified", key, known or found)
        return not known


@dataclass(frozen=True)
class Due:
    call: Call
    at: datetime | None
    error: str | None = None


class Calls(Repository):
    def request(self, kind: CallKind, key: UUID, payment_id: UUID, *, at: datetime) -> None:
        call = Call(kind=kind, key=key, about=payment_id, tries=0)
        self.rows.put("calls", (kind, key), Due(call, at))

    def claim(self, many: int, kinds, *, now: datetime, lease) -> list[Call]:
        due = [one for one in self.rows.all("calls") if one.at and one.at <= now]
        taken = sorted(due, key=lambda one: one.at)[:many]
        return [self._put(replace(one.call, tries=one.call.tries + 1), now + lease) for one in taken]

    def request_of(self, _key: UUID) -> None:
        """There are no traces here."""

    def finish(self, key: UUID, *kinds: CallKind) -> None:
        for kind in kinds:
            if known := self.rows.get("calls", (kind, key)):
                self._put(known.call, None)

    def finish_unless_requested_again(self, call: Call) -> None:
        if self.rows.get("calls", (call.kind, call.key)).call.tries == call.tries:
            self._put(call, None)

    def is_under_way(self, kind: CallKind, key: UUID) -> bool:
        known = self.rows.get("calls", (kind, key))
        return bool(known and known.at and known.call.tries and known.error is None)

    def is_due(self, kind: CallKind, key: UUID) -> bool:
        known = self.rows.get("calls", (kind, key))
        return bool(known and known.at)

    def postpone(self, call: Call, until: datetime, error=None) -> None:
        self._put(call, until, error)

    def _put(self, call: Call, at: datetime | None, error: str | None = None) -> Call:
        self.rows.put("calls", (call.kind, call.key), Due(call, at, error))
        return call


class Unanswered(Repository):
    def read_in_advance(self, _payment_ids) -> None:
        """There are no statements to save here."""

    def add(self, command) -> None:
        self.rows.put("unanswered", command.message_id, command)

    def take(self, payment_id: UUID, *kinds):
        mine = [one for one in self.rows.all("unanswered") if one.payment_id == payment_id and one.kind in kinds]
        for one in mine:
            self.rows.drop("unanswered", one.message_id)
        return mine

    def is_cancelling(self, payment_id: UUID) -> bool:
        return any(one.kind == "cancel" and one.payment_id == payment_id for one in self.rows.all("unanswered"))

    def overdue_cancels(self, before: datetime):
        waiting = self.rows.all("unanswered")
        return list(
            dict.fromkeys(q.payment_id for q in waiting if q.kind == "cancel" and q.requested_at <= before)
        )


class Notifications(Repository):
    def add(self, provider: str, notification, *, at: datetime, traceparent: str | None) -> None:
        key = (provider, notification.id)
        known = self.rows.get("notifications", key)
        self.rows.put(
            "notifications", key, known or (StoredNotification(key, lambda: notification.about, 0), None)
        )

    def lock(self, key) -> StoredNotification | None:
        report, outcome = self.rows.get("notifications", key)
        return None if outcome else report

    def finish(self, key, outcome: str) -> None:
        report, _ = self.rows.get("notifications", key)
        self.rows.put("notifications", key, (report, outcome))


class LedgerAccounts(Repository):
    def post(self, posting) -> None:
        if any(entry.amount for entry in posting.entries):
            key = (posting.kind, posting.about)
            assert not self.rows.get("postings", key), f"posted twice: {key}"
            self.rows.put("postings", key, posting)

    def has(self, kind: str, about: UUID) -> bool:
        return self.rows.get("postings", (kind, about)) is not None

    def balances(self) -> Counter:
        """The balance of each account of the chart."""
        sums: Counter = Counter()
        for posting in self.rows.all("postings"):
            for entry in posting.entries:
                sums[str(entry.account.code)] += entry.amount.amount
        return sums


class Work(works.Work):
    """The repositories of payments."""

    providers: Registry

    @cached_property
    def payments(self):
        return Payments(self.connection)

    @cached_property
    def captures(self):
        return Captures(self.connection)

    @cached_property
    def refunds(self):
        return Refunds(self.connection)

    @cached_property
    def refund_attempts(self):
        return RefundAttempts(self.connection)

    @cached_property
    def settlements(self):
        return Settlements(self.connection)

    @cached_property
    def unidentified(self):
        return UnidentifiedMoney(self.connection)

    @cached_property
    def calls(self):
        return Calls(self.connection)

    @cached_property
    def unanswered(self):
        return Unanswered(self.connection)

    @cached_property
    def notifications(self):
        return Notifications(self.connection)

    @cached_property
    def ledger(self):
        return LedgerAccounts(self.connection)
