"""Refunds, and the refund policies that shops have chosen."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orders.aftersale.model.refund import Kind, Refund, RefundLine, kept_back
from orders.aftersale.model.states import RefundFailure, RefundReason, RefundState
from orders.aftersale.tables import refund, shop_policy
from orders.fulfilment.front import Policy, Why
from shared import shapes
from shared.contracts.payments import RefundedLine
from shared.money import Money
from shared.reading import Part, Row, take
from shared.round_trips import later

CHOSEN = "SELECT shop_id, policy FROM shop_policy WHERE shop_id = ANY(%s)"


@dataclass(frozen=True)
class Refunds:
    """Reads and writes refunds; a refund is changed under the lock of its order."""

    connection: sa.Connection

    def add(self, new: Refund) -> None:
        later(self.connection, sa.insert(refund).values(_row(new)))

    def get(self, refund_id: UUID) -> Refund | None:
        return next(iter(self._read(refund.c.refund_id == refund_id)), None)

    def of_order(self, order_id: UUID) -> list[Refund]:
        return self._read(refund.c.order_id == order_id)

    def kept_back(self, order_id: UUID) -> dict[UUID, int]:
        """Quantity of an order by line that is not to be shipped, since its refund was requested or granted."""
        return kept_back(self.of_order(order_id))

    def page(self, *, after: UUID | None, limit: int, states: Collection[str] = (), **owner: UUID) -> list[Refund]:
        """The newest refunds of `buyer_id=` or `shop_id=`, older than `after`, in these states or all."""
        which = [refund.c[name] == value for name, value in owner.items()]
        which += [refund.c.refund_id < after] if after else []
        which += [refund.c.state.in_(states)] if states else []
        return self._read(*which, newest=limit)

    def save(self, changed: Refund) -> None:
        row = sa.update(refund).where(refund.c.refund_id == changed.refund_id)
        later(self.connection, row.values(_row(changed)))

    def _read(self, *which: sa.ColumnElement[bool], newest: int | None = None) -> list[Refund]:
        rows = sa.select(refund).where(*which)
        rows = (
            rows.order_by(refund.c.refund_id.desc()).limit(newest) if newest else rows.order_by(refund.c.refund_id)
        )
        return [_refund(dict(row)) for row in self.connection.execute(rows).mappings()]


@dataclass(frozen=True)
class Policies:
    """Reads and writes the shops' refund policies. A policy is read once in a transaction."""

    connection: sa.Connection
    _known: dict[UUID, Policy] = field(default_factory=dict)

    def of(self, shop_ids: Collection[UUID]) -> dict[UUID, Policy]:
        """The policy of each of these shops; frozen shares where a shop has chosen none."""
        if unknown := set(shop_ids) - self._known.keys():
            take(self.connection, self.chosen_by(unknown))
        return {shop_id: self._known[shop_id] for shop_id in shop_ids}

    def chosen_by(self, shop_ids: Collection[UUID]) -> Part:
        """What to read in advance for `of`."""

        def keep(found: list[Row]) -> None:
            self._known.update(dict.fromkeys(shop_ids, Policy.FROZEN_SHARES))
            self._known.update({UUID(row["shop_id"]): Policy(row["policy"]) for row in found})

        return Part(CHOSEN, [list(shop_ids)], keep)

    def choose(self, shop_id: UUID, policy: Policy, now: datetime) -> None:
        """Store a shop's policy."""
        row = insert(shop_policy).values(shop_id=shop_id, policy=policy, updated_at=now)
        kept = {"policy": row.excluded.policy, "updated_at": row.excluded.updated_at}
        later(self.connection, row.on_conflict_do_update(index_elements=["shop_id"], set_=kept))
        self._known.pop(shop_id, None)


def _row(of: Refund) -> dict[str, Any]:
    plain = {c.name: getattr(of, c.name) for c in refund.columns if c.name != "currency"}
    money = {"shipping": of.shipping.amount, "amount": of.amount.amount, "currency": of.amount.currency}
    lists = {name: [shapes.dump(each) for each in getattr(of, name)] for name in ("lines", "why", "by_line")}
    return {**plain, **money, **lists}


def _refund(row: dict[str, Any]) -> Refund:
    currency = row.pop("currency")
    row |= {"shipping": Money(row["shipping"], currency), "amount": Money(row["amount"], currency)}
    row |= {"kind": Kind(row["kind"]), "state": RefundState(row["state"]), "reason": RefundReason(row["reason"])}
    row["failure"] = RefundFailure(row["failure"]) if row["failure"] else None
    row["lines"] = shapes.load(tuple[RefundLine, ...], row["lines"])
    row["by_line"] = shapes.load(tuple[RefundedLine, ...], row["by_line"])
    row["why"] = shapes.load(tuple[Why, ...], row["why"])
    return Refund(**row)
