"""Payments with their parts and attempts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, select
from sqlalchemy.dialects.postgresql import insert

from payments.providers.front import Collection
from payments.taking.model.lines import Line
from payments.taking.model.parts import Part
from payments.taking.model.payment import Payment, State
from payments.taking.store import lines
from payments.taking.tables import attempts, parts, payments
from shared import dumping, shapes
from shared.contracts.payments import PaymentReason
from shared.contracts.payments.pay_actions import PayAction
from shared.money import Money
from shared.rows import append, change

SHARES = ("receivable", "captured", "refunded", "written_off")


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
            rows = select(payments).where(payments.c.payment_id.in_(wanted)).order_by(payments.c.payment_id)
            found = {one.payment_id: one for one in self._some(rows.with_for_update(of=payments))}
            self._held.update({payment_id: found.get(payment_id) for payment_id in wanted})

    def lock_attempts_in_advance(self, attempt_ids: Iterable[UUID]) -> set[UUID]:
        """Lock the payments of these attempts in advance; returns the payments' ids."""
        rows = select(attempts.c.attempt_id, attempts.c.payment_id).where(attempts.c.attempt_id.in_(attempt_ids))
        found = {row.attempt_id: row.payment_id for row in self._connection.execute(rows)}
        self._of_attempt.update({attempt_id: found.get(attempt_id) for attempt_id in attempt_ids})
        self.lock_in_advance(found.values())
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
        rows = select(payments).where(payments.c.checkout_id.in_(checkout_ids)).order_by(payments.c.created_at)
        found = {one.checkout_id: one for one in self._some(rows)}
        self._of_checkout.update({checkout_id: found.get(checkout_id) for checkout_id in checkout_ids})

    def read_in_advance(self, payment_ids: Iterable[UUID]) -> None:
        """Read these payments in advance, for `find`; without locks."""
        found = self._some(select(payments).where(payments.c.payment_id.in_(payment_ids)))
        self._read.update({one.payment_id: one for one in found})

    def lock(self, payment_id: UUID) -> Payment | None:
        """The payment, locked until the end of the transaction, or None."""
        if payment_id in self._held:
            return self._held[payment_id]
        return self._one(_rows(payments.c.payment_id == payment_id).with_for_update(of=payments))

    def lock_of_order(self, order_id: UUID) -> Payment | None:
        """The newest payment of this order, locked, or None."""
        if order_id in self._of_order:
            known = self._of_order[order_id]
            return self._held[known] if known else None
        paying = select(parts.c.payment_id).where(parts.c.order_id == order_id)
        return self._one(_rows(payments.c.payment_id.in_(paying)).limit(1).with_for_update(of=payments))

    def lock_of_attempt(self, attempt_id: UUID) -> Payment | None:
        """The payment of this attempt, locked, or None."""
        if attempt_id in self._of_attempt:
            known = self._of_attempt[attempt_id]
            return self._held[known] if known else None
        paying = select(attempts.c.payment_id).where(attempts.c.attempt_id == attempt_id)
        return self._one(_rows(payments.c.payment_id.in_(paying)).with_for_update(of=payments))

    def find(self, payment_id: UUID) -> Payment | None:
        """The payment without a lock, or None."""
        if payment_id in self._read:
            return self._read[payment_id]
        return self._one(_rows(payments.c.payment_id == payment_id))

    def find_of_checkout(self, checkout_id: UUID) -> Payment | None:
        """The newest payment of a checkout, or None."""
        if checkout_id in self._of_checkout:
            return self._of_checkout[checkout_id]
        return self._one(_rows(payments.c.checkout_id == checkout_id).limit(1))

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
        payment.version += 1
        if payment.payment_id in self._held:
            self._held[payment.payment_id] = payment
        mine = {"payment_id": payment.payment_id}
        change(self._connection, payments, mine, _row(payment))
        for part in payment.parts:
            shares = {name: getattr(part, name).amount for name in SHARES}
            change(self._connection, parts, mine | {"order_id": part.order_id}, shares)
        lines.save(self._connection, payment)

    def _one(self, query: Select[Any]) -> Payment | None:
        return next(iter(self._some(query)), None)

    def _some(self, query: Select[Any]) -> list[Payment]:
        """The payments of a query, in its order, with their parts and lines."""
        rows = self._connection.execute(query).mappings().all()
        currencies = {row["payment_id"]: row["currency"] for row in rows}
        of_orders = lines.of_payments(self._connection, currencies) if rows else {}
        of_payments = self._parts(currencies) if rows else {}
        return [_payment(row, of_payments[row["payment_id"]], of_orders[row["payment_id"]]) for row in rows]

    def _parts(self, payment_ids: Iterable[UUID]) -> Mapping[UUID, Sequence[RowMapping]]:
        rows = select(parts).where(parts.c.payment_id.in_(payment_ids)).order_by(parts.c.order_id)
        found: dict[UUID, list[RowMapping]] = defaultdict(list)
        for row in self._connection.execute(rows).mappings():
            found[row["payment_id"]].append(row)
        return found


def _rows(condition: ColumnElement[bool]) -> Select[Any]:
    return select(payments).where(condition).order_by(payments.c.created_at.desc())


def _payment(row: RowMapping, part_rows: Sequence[RowMapping], of_orders: Mapping[UUID, list[Line]]) -> Payment:
    plain = {name: value for name, value in row.items() if name != "currency"}
    currency = row["currency"]
    return Payment(
        **{
            **plain,
            "amount": Money(row["amount"], currency),
            "collection": Collection(row["collection"]),
            "state": State(row["state"]),
            "pay_action": shapes.load(PayAction, row["pay_action"]),
            "reason": row["reason"] and PaymentReason(row["reason"]),
            "parts": [_part(part, currency, of_orders.get(part["order_id"], [])) for part in part_rows],
        }
    )


def _part(row: RowMapping, currency: str, of_order: list[Line]) -> Part:
    sums = {name: Money(row[name], currency) for name in ("amount", *SHARES)}
    return Part(order_id=row["order_id"], shop_id=row["shop_id"], lines=of_order, **sums)


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
