"""Payments with their parts and attempts."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, bindparam, select
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
from shared.round_trips import later

SHARES = ("receivable", "captured", "refunded", "written_off")
UPDATE_PART = (
    parts.update()
    .where(parts.c.payment_id == bindparam("of_payment"), parts.c.order_id == bindparam("of_order"))
    .values({name: bindparam(f"new_{name}") for name in SHARES})
)


class Payments:
    """The stored payments; the `lock…` methods wait for other transactions that hold the payment's lock."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, payment_id: UUID) -> Payment | None:
        """The payment, locked until the end of the transaction, or None."""
        return self._one(_rows(payments.c.payment_id == payment_id).with_for_update(of=payments))

    def lock_of_order(self, order_id: UUID) -> Payment | None:
        """The newest payment of this order, locked, or None."""
        paying = select(parts.c.payment_id).where(parts.c.order_id == order_id)
        return self._one(_rows(payments.c.payment_id.in_(paying)).limit(1).with_for_update(of=payments))

    def lock_of_attempt(self, attempt_id: UUID) -> Payment | None:
        """The payment of this attempt, locked, or None."""
        paying = select(attempts.c.payment_id).where(attempts.c.attempt_id == attempt_id)
        return self._one(_rows(payments.c.payment_id.in_(paying)).with_for_update(of=payments))

    def find(self, payment_id: UUID) -> Payment | None:
        """The payment without a lock, or None."""
        return self._one(_rows(payments.c.payment_id == payment_id))

    def find_of_checkout(self, checkout_id: UUID) -> Payment | None:
        """The newest payment of a checkout, or None."""
        return self._one(_rows(payments.c.checkout_id == checkout_id).limit(1))

    def add(self, payment: Payment) -> None:
        """Store a new payment and its parts. A used id is a unique violation."""
        later(self._connection, payments.insert(), _row(payment))
        if payment.parts:
            later(self._connection, parts.insert(), [_part_row(payment, part) for part in payment.parts])
            lines.add(self._connection, payment)
        if payment.attempt_id:
            self.add_attempt(payment, payment.attempt_id)

    def add_attempt(self, payment: Payment, attempt_id: UUID) -> bool:
        """Store a number of this payment at the provider; returns whether it was new."""
        row = {"attempt_id": attempt_id, "payment_id": payment.payment_id, "provider": payment.provider}
        statement = insert(attempts).on_conflict_do_nothing().returning(attempts.c.attempt_id)
        return self._connection.execute(statement, {**row, "created_at": payment.created_at}).scalar() is not None

    def save(self, payment: Payment) -> None:
        """Store the changes of a locked payment."""
        payment.version += 1
        mine = payments.c.payment_id == payment.payment_id
        later(self._connection, payments.update().where(mine), _row(payment))
        if payment.parts:
            later(self._connection, UPDATE_PART, [_shares(payment, part) for part in payment.parts])
            lines.save(self._connection, payment)

    def _one(self, query: Select[Any]) -> Payment | None:
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        of_orders = lines.of_payment(self._connection, row["payment_id"], row["currency"])
        return _payment(row, self._parts(row["payment_id"]), of_orders)

    def _parts(self, payment_id: UUID) -> Sequence[RowMapping]:
        mine = select(parts).where(parts.c.payment_id == payment_id).order_by(parts.c.order_id)
        return self._connection.execute(mine).mappings().all()


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


def _shares(payment: Payment, part: Part) -> dict[str, Any]:
    new = {f"new_{name}": getattr(part, name).amount for name in SHARES}
    return {"of_payment": payment.payment_id, "of_order": part.order_id, **new}
