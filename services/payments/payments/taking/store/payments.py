"""Payments with their parts and attempts."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, select
from sqlalchemy.dialects.postgresql import insert

from payments.providers.front import Collection
from payments.taking.model.parts import Part
from payments.taking.model.payment import Payment, State
from payments.taking.store import lines
from payments.taking.tables import attempts, parts, payments
from payments.taking.tables import lines as line_table
from shared import dumping, shapes
from shared.contracts.payments import PaymentReason
from shared.contracts.payments.pay_actions import PayAction
from shared.money import Money
from shared.rows import append, change

SHARES = ("receivable", "captured", "refunded", "written_off")
STATE = ("state", "attempt_id", "captured_at", "reason", "version")  # and its pay action: what changes
FIELDS = [column.name for column in payments.c if column.name != "currency"]
WITH_LINES = (
    select(
        payments,
        *(column.label(f"part_{column.name}") for column in parts.c),
        *(column.label(f"line_{column.name}") for column in line_table.c),
    )
    .outerjoin(parts, parts.c.payment_id == payments.c.payment_id)
    .outerjoin(
        line_table,
        (line_table.c.payment_id == parts.c.payment_id) & (line_table.c.order_id == parts.c.order_id),
    )
    .order_by(payments.c.created_at, payments.c.payment_id, parts.c.order_id, line_table.c.position)
)


class Payments:
    """The stored payments; the `lock…` methods wait for other transactions that hold the payment's lock.

    Payments that were locked in advance, for several messages, are held as they are changed in this transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._held: dict[UUID, Payment | None] = {}  # locked in advance; None: there is no such payment
        self._of_attempt: dict[UUID, UUID | None] = {}
        self._of_order: dict[UUID, UUID | None] = {}
        self._of_checkout: dict[UUID, Payment | None] = {}  # read in advance, without locks
        self._read: dict[UUID, Payment] = {}  # read in advance, without locks

    def lock_in_advance(self, payment_ids: Iterable[UUID]) -> None:
        """Lock these payments and read them at once, for the methods that lock one."""
        wanted = set(payment_ids) - self._held.keys()
        if wanted:
            self._hold(wanted, self._locked(payments.c.payment_id.in_(wanted)))

    def lock_attempts_in_advance(self, attempt_ids: Iterable[UUID]) -> set[UUID]:
        """Lock the payments of these attempts in advance; returns the payments' ids."""
        rows = select(attempts.c.attempt_id, payments.c.payment_id)
        rows = rows.join_from(attempts, payments, attempts.c.payment_id == payments.c.payment_id)
        rows = rows.where(attempts.c.attempt_id.in_(attempt_ids)).order_by(payments.c.payment_id)
        locked = rows.with_for_update(of=payments)
        found = {row.attempt_id: row.payment_id for row in self._connection.execute(locked)}
        self._of_attempt.update({attempt_id: found.get(attempt_id) for attempt_id in attempt_ids})
        wanted = set(found.values()) - self._held.keys()
        if wanted:
            self._hold(wanted, self._read_all(payments.c.payment_id.in_(wanted)))
        return set(found.values())

    def lock_orders_in_advance(self, order_ids: Iterable[UUID]) -> None:
        """Lock the newest payments of these orders in advance."""
        both = parts.join(payments, parts.c.payment_id == payments.c.payment_id)
        rows = select(parts.c.order_id, parts.c.payment_id).select_from(both)
        rows = rows.where(parts.c.order_id.in_(order_ids)).order_by(payments.c.created_at)
        found = {row.order_id: row.payment_id for row in self._connection.execute(rows)}
        self._of_order.update({order_id: found.get(order_id) for order_id in order_ids})
        self.lock_in_advance(found.values())

    def read_checkouts_in_advance(self, checkout_ids: Iterable[UUID]) -> None:
        """Read the newest payments of these checkouts in advance, for `find_of_checkout`; without locks."""
        found = {one.checkout_id: one for one in self._read_all(payments.c.checkout_id.in_(checkout_ids))}
        self._of_checkout.update({checkout_id: found.get(checkout_id) for checkout_id in checkout_ids})

    def read_in_advance(self, payment_ids: Iterable[UUID]) -> None:
        """Read these payments in advance, for `find`; without locks."""
        found = self._read_all(payments.c.payment_id.in_(payment_ids))
        self._read.update({one.payment_id: one for one in found})

    def lock(self, payment_id: UUID) -> Payment | None:
        """The payment, locked until the end of the transaction, or None."""
        if payment_id in self._held:
            return self._held[payment_id]
        return _newest(self._locked(payments.c.payment_id == payment_id))

    def lock_of_order(self, order_id: UUID) -> Payment | None:
        """The newest payment of this order, locked, or None."""
        if order_id in self._of_order:
            known = self._of_order[order_id]
            return self._held[known] if known else None
        paying = select(parts.c.payment_id).where(parts.c.order_id == order_id)
        newest = select(payments.c.payment_id).where(payments.c.payment_id.in_(paying))
        newest = newest.order_by(payments.c.created_at.desc()).limit(1).with_for_update()
        known = self._connection.execute(newest).scalar()
        return _newest(self._read_all(payments.c.payment_id == known)) if known else None

    def lock_of_attempt(self, attempt_id: UUID) -> Payment | None:
        """The payment of this attempt, locked, or None."""
        if attempt_id in self._of_attempt:
            known = self._of_attempt[attempt_id]
            return self._held[known] if known else None
        paying = select(attempts.c.payment_id).where(attempts.c.attempt_id == attempt_id)
        return _newest(self._locked(payments.c.payment_id.in_(paying)))

    def find(self, payment_id: UUID) -> Payment | None:
        """The payment without a lock, or None."""
        if payment_id in self._read:
            return self._read[payment_id]
        return _newest(self._read_all(payments.c.payment_id == payment_id))

    def find_of_checkout(self, checkout_id: UUID) -> Payment | None:
        """The newest payment of a checkout, or None."""
        if checkout_id in self._of_checkout:
            return self._of_checkout[checkout_id]
        return _newest(self._read_all(payments.c.checkout_id == checkout_id))

    def add(self, payment: Payment) -> None:
        """Store a new payment and its parts. A used id is a unique violation."""
        append(self._connection, payments, [_row(payment)])
        append(self._connection, parts, [_part_row(payment, part) for part in payment.parts])
        lines.add(self._connection, payment)
        if payment.attempt_id:
            append(self._connection, attempts, [_attempt_row(payment, payment.attempt_id)])
        if payment.payment_id in self._held:
            self._held[payment.payment_id] = payment

    def add_attempt(self, payment: Payment, attempt_id: UUID) -> bool:
        """Store a number of this payment at the provider; returns whether it was new."""
        statement = insert(attempts).on_conflict_do_nothing().returning(attempts.c.attempt_id)
        return self._connection.execute(statement, _attempt_row(payment, attempt_id)).scalar() is not None

    def save(self, payment: Payment) -> None:
        """Store the changes of a locked payment."""
        self.save_state(payment)
        mine = {"payment_id": payment.payment_id}
        for part in payment.parts:
            shares = {name: getattr(part, name).amount for name in SHARES}
            change(self._connection, parts, mine | {"order_id": part.order_id}, shares)
        lines.save(self._connection, payment)

    def save_state(self, payment: Payment) -> None:
        """Store the changes of a locked payment whose parts have not changed."""
        payment.version += 1
        if payment.payment_id in self._held:
            self._held[payment.payment_id] = payment
        state = {name: getattr(payment, name) for name in STATE}
        state["pay_action"] = dumping.dump(payment.pay_action, PayAction)
        change(self._connection, payments, {"payment_id": payment.payment_id}, state)

    def _hold(self, wanted: Iterable[UUID], found: Iterable[Payment]) -> None:
        """Keep what was found of the payments that are locked."""
        known = {one.payment_id: one for one in found}
        self._held.update({payment_id: known.get(payment_id) for payment_id in wanted})

    def _locked(self, which: ColumnElement[bool]) -> list[Payment]:
        """These payments, locked in the order of their ids, and then read: nothing unlocked is among them."""
        wanted = select(payments.c.payment_id).where(which).order_by(payments.c.payment_id)
        locked = self._connection.execute(wanted.with_for_update()).scalars().all()
        return self._read_all(payments.c.payment_id.in_(locked)) if locked else []

    def _read_all(self, which: ColumnElement[bool]) -> list[Payment]:
        """These payments with their parts and lines, the oldest first."""
        found: dict[UUID, Payment] = {}
        for row in self._connection.execute(WITH_LINES.where(which)).mappings():
            payment = found.get(row["payment_id"]) or found.setdefault(row["payment_id"], _payment(row))
            order_id = row["part_order_id"]
            if order_id and (not payment.parts or payment.parts[-1].order_id != order_id):
                payment.parts.append(_part(row))
            if row["line_line_id"]:
                payment.parts[-1].lines.append(lines.line(row, "line_", row["currency"]))
        return list(found.values())


def _newest(found: list[Payment]) -> Payment | None:
    return found[-1] if found else None


def _payment(row: RowMapping) -> Payment:
    """The payment of a row, without its parts."""
    plain = {name: row[name] for name in FIELDS}
    return Payment(
        **{
            **plain,
            "amount": Money(row["amount"], row["currency"]),
            "collection": Collection(row["collection"]),
            "state": State(row["state"]),
            "pay_action": shapes.load(PayAction, row["pay_action"]),
            "reason": row["reason"] and PaymentReason(row["reason"]),
            "parts": [],
        }
    )


def _part(row: RowMapping) -> Part:
    sums = {name: Money(row[f"part_{name}"], row["currency"]) for name in ("amount", *SHARES)}
    return Part(order_id=row["part_order_id"], shop_id=row["part_shop_id"], lines=[], **sums)


def _row(payment: Payment) -> dict[str, Any]:
    row = {name: value for name, value in vars(payment).items() if name != "parts"}
    plain = {"amount": payment.amount.amount, "currency": payment.amount.currency}
    return {**row, **plain, "pay_action": dumping.dump(payment.pay_action, PayAction)}


def _part_row(payment: Payment, part: Part) -> dict[str, Any]:
    sums = {name: getattr(part, name).amount for name in ("amount", *SHARES)}
    return {"payment_id": payment.payment_id, "order_id": part.order_id, "shop_id": part.shop_id, **sums}


def _attempt_row(payment: Payment, attempt_id: UUID) -> dict[str, Any]:
    row = {"attempt_id": attempt_id, "payment_id": payment.payment_id, "provider": payment.provider}
    return {**row, "created_at": payment.created_at}
