"""Captures, one for each transaction of a provider."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from payments.taking.model.captures import Capture
from payments.taking.model.payment import Standing
from payments.taking.tables import captures
from shared.money import Money
from shared.rows import append

Transaction = tuple[str, str]  # the provider, and its id of the transaction


class Captures:
    """The stored captures."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_known: dict[Transaction, bool] = {}

    def look_up_in_advance(self, transactions: Collection[Transaction]) -> None:
        """Look up at once which of these transactions have captures, for `add`. Their payments are locked."""
        both = captures.c["provider", "transaction_id"]
        rows = select(*both).where(tuple_(*both).in_(transactions))
        found = {(row.provider, row.transaction_id) for row in self._connection.execute(rows)}
        self._is_known.update({one: one in found for one in transactions})

    def add(self, capture: Capture) -> bool:
        """Store a capture; returns whether its transaction was new."""
        transaction = (capture.provider, capture.transaction_id)
        if transaction in self._is_known:
            return self._add_after_look_up(transaction, capture)
        known = [captures.c.provider, captures.c.transaction_id]
        statement = insert(captures).on_conflict_do_nothing(index_elements=known)
        return (
            self._connection.execute(statement.returning(captures.c.capture_id), _row(capture)).scalar()
            is not None
        )

    def _add_after_look_up(self, transaction: Transaction, capture: Capture) -> bool:
        """If another transaction stores the same one at the same time, the commit raises a unique violation."""
        is_known, self._is_known[transaction] = self._is_known[transaction], True
        if not is_known:
            append(self._connection, captures, [_row(capture)])
        return not is_known

    def find(self, capture_id: UUID) -> Capture:
        row = (
            self._connection.execute(select(captures).where(captures.c.capture_id == capture_id)).mappings().one()
        )
        return _capture(row)

    def get(self, capture_id: UUID) -> Capture | None:
        """The capture, or None."""
        query = select(captures).where(captures.c.capture_id == capture_id)
        row = self._connection.execute(query).mappings().one_or_none()
        return _capture(row) if row else None

    def of_transaction(self, provider: str, transaction_id: str) -> Capture:
        """The capture of a known transaction."""
        same = (captures.c.provider == provider) & (captures.c.transaction_id == transaction_id)
        return _capture(self._connection.execute(select(captures).where(same)).mappings().one())

    def of_payment(self, payment_id: UUID) -> Iterable[Capture]:
        """All captures of a payment, in the order of arrival."""
        mine = select(captures).where(captures.c.payment_id == payment_id).order_by(captures.c.capture_id)
        return [_capture(row) for row in self._connection.execute(mine).mappings()]


def _row(capture: Capture) -> dict[str, Any]:
    return {**vars(capture), "amount": capture.amount.amount, "currency": capture.amount.currency}


def _capture(row: RowMapping) -> Capture:
    plain = {name: value for name, value in row.items() if name != "currency"}
    amount = Money(row["amount"], row["currency"])
    return Capture(**{**plain, "amount": amount, "standing": Standing(row["standing"])})
