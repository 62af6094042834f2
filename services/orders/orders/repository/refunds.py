"""Refunds."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orders.domain.quote import Why
from orders.domain.refund import Kind, Refund, RefundLine
from orders.domain.states import RefundState
from orders.tables import refund
from shared import shapes
from shared.money import Money


@dataclass(frozen=True)
class Refunds:
    """Reads and writes refunds; a refund is changed under the lock of its order."""

    connection: sa.Connection

    def add(self, new: Refund) -> None:
        self.connection.execute(sa.insert(refund).values(_row(new)))

    def get(self, refund_id: UUID) -> Refund | None:
        return next(iter(self._read(refund.c.refund_id == refund_id)), None)

    def of_order(self, order_id: UUID) -> list[Refund]:
        return self._read(refund.c.order_id == order_id)

    def page(self, shop_id: UUID, *, after: UUID | None, limit: int) -> list[Refund]:
        """The newest refunds of a shop, older than `after`."""
        older = [refund.c.refund_id < after] if after else []
        return self._read(refund.c.shop_id == shop_id, *older, newest=limit)

    def save(self, changed: Refund) -> None:
        row = sa.update(refund).where(refund.c.refund_id == changed.refund_id)
        self.connection.execute(row.values(_row(changed)))

    def _read(self, *which: sa.ColumnElement[bool], newest: int | None = None) -> list[Refund]:
        rows = sa.select(refund).where(*which)
        rows = (
            rows.order_by(refund.c.refund_id.desc()).limit(newest) if newest else rows.order_by(refund.c.refund_id)
        )
        return [_refund(dict(row)) for row in self.connection.execute(rows).mappings()]


def _row(of: Refund) -> dict[str, Any]:
    plain = {c.name: getattr(of, c.name) for c in refund.columns if c.name != "currency"}
    money = {"shipping": of.shipping.amount, "amount": of.amount.amount, "currency": of.amount.currency}
    lists = {"lines": [shapes.dump(line) for line in of.lines], "why": [shapes.dump(why) for why in of.why]}
    return {**plain, **money, **lists}


def _refund(row: dict[str, Any]) -> Refund:
    currency = row.pop("currency")
    row |= {"shipping": Money(row["shipping"], currency), "amount": Money(row["amount"], currency)}
    row |= {"kind": Kind(row["kind"]), "state": RefundState(row["state"])}
    row["lines"] = tuple(shapes.load(RefundLine, line) for line in row["lines"])
    row["why"] = tuple(shapes.load(Why, why) for why in row["why"])
    return Refund(**row)
