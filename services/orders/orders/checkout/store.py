"""Checkouts, and what a buyer has open."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orders.checkout.model.checkout import Checkout, CheckoutState
from orders.checkout.tables import checkout
from orders.fulfilment.front import CancellationReason, order
from shared import shapes
from shared.contracts.marketing import Benefit
from shared.rows import append, change
from shared.sagas.tables import saga

FIELDS = [column.name for column in checkout.columns]
NOT_DELIVERED = ("placed", "confirmed", "preparing", "shipped")  # as in the index order_not_delivered
CASH = "cash_on_delivery"
UNPAID = checkout.c.state == "placed"
ON_DELIVERY = (order.c.state.in_(NOT_DELIVERED), checkout.c.method == CASH)
DUE = sa.func.sum(order.c.total - order.c.refunded).label("due")


@dataclass(frozen=True)
class Checkouts:
    """Reads and writes checkouts.

    What was read in advance for several check-outs is kept up to date by what this transaction adds.
    """

    connection: sa.Connection
    _by_id: dict[UUID, Checkout | None] = field(default_factory=dict)
    _by_quote: dict[UUID, Checkout | None] = field(default_factory=dict)
    _open: dict[UUID, int] = field(default_factory=dict)  # by buyer
    _open_cash: dict[UUID, int] = field(default_factory=dict)

    def add(self, new: Checkout) -> None:
        benefits = [shapes.dump(each) for each in new.benefits]
        row = {name: getattr(new, name) for name in FIELDS}
        append(self.connection, checkout, [row | {"benefits": benefits}])
        self._by_quote[new.quote_id] = new
        if new.buyer_id in self._open:
            self._open[new.buyer_id] += 1
        if new.buyer_id in self._open_cash and new.method == CASH:
            self._open_cash[new.buyer_id] += new.total

    def read(self, checkout_ids: Collection[UUID]) -> None:
        """Read these checkouts in advance, for `get`."""
        found = {one.checkout_id: one for one in self._some(checkout.c.checkout_id.in_(checkout_ids))}
        self._by_id.update({checkout_id: found.get(checkout_id) for checkout_id in checkout_ids})

    def read_by_quotes(self, quote_ids: Collection[UUID]) -> None:
        """Read the checkouts of these quotes in advance, for `by_quote`."""
        found = {one.quote_id: one for one in self._some(checkout.c.quote_id.in_(quote_ids))}
        self._by_quote.update({quote_id: found.get(quote_id) for quote_id in quote_ids})

    def read_open(self, buyer_ids: Collection[UUID]) -> None:
        """Count the unpaid checkouts of these buyers in advance, for `count_open`. Their carts are locked."""
        rows = sa.select(checkout.c.buyer_id, sa.func.count().label("number"))
        rows = rows.where(checkout.c.buyer_id.in_(buyer_ids), UNPAID).group_by(checkout.c.buyer_id)
        found = {row.buyer_id: row.number for row in self.connection.execute(rows)}
        self._open.update({buyer_id: found.get(buyer_id, 0) for buyer_id in buyer_ids})

    def read_open_cash(self, buyer_ids: Collection[UUID]) -> None:
        """Add up what these buyers have to pay on delivery in advance, for `open_cash`. Their carts are locked."""
        rows = sa.select(order.c.buyer_id, DUE).select_from(order.join(checkout))
        rows = rows.where(order.c.buyer_id.in_(buyer_ids), *ON_DELIVERY).group_by(order.c.buyer_id)
        found = {row.buyer_id: int(row.due) for row in self.connection.execute(rows)}
        self._open_cash.update({buyer_id: found.get(buyer_id, 0) for buyer_id in buyer_ids})

    def get(self, checkout_id: UUID) -> Checkout | None:
        if checkout_id not in self._by_id:
            return self._one(checkout.c.checkout_id == checkout_id)
        return self._by_id[checkout_id]

    def by_quote(self, quote_id: UUID) -> Checkout | None:
        """The checkout of a quote."""
        if quote_id not in self._by_quote:
            self.read_by_quotes([quote_id])
        return self._by_quote[quote_id]

    def count_open(self, buyer_id: UUID) -> int:
        """The number of a buyer's unpaid checkouts."""
        if buyer_id not in self._open:
            self.read_open([buyer_id])
        return self._open[buyer_id]

    def open_cash(self, buyer_id: UUID) -> int:
        """The amount due on delivery of a buyer's cash orders, in minor units."""
        if buyer_id not in self._open_cash:
            self.read_open_cash([buyer_id])
        return self._open_cash[buyer_id]

    def settle(
        self,
        checkout_id: UUID,
        state: CheckoutState,
        reason: CancellationReason | None = None,
        refusal: dict[str, Any] | None = None,
    ) -> None:
        """Store that the checkout was confirmed, or cancelled for `reason` with what was refused."""
        ended = {"state": state, "reason": reason, "refusal": refusal}
        change(self.connection, checkout, {"checkout_id": checkout_id}, ended)
        self._by_id.pop(checkout_id, None)

    def is_running(self, checkout_id: UUID) -> bool:
        """Whether its saga is still running."""
        which = [saga.c.name == "orders.checkout", saga.c.business_key == str(checkout_id)]
        query = sa.select(saga.c.saga_id).where(*which, saga.c.status.not_in(("done", "undone")))
        return self.connection.execute(query).scalar() is not None

    def _one(self, which: sa.ColumnElement[bool]) -> Checkout | None:
        return next(iter(self._some(which)), None)

    def _some(self, which: sa.ColumnElement[bool]) -> list[Checkout]:
        rows = self.connection.execute(sa.select(checkout).where(which)).mappings()
        return [_checkout(row) for row in rows]


def _checkout(row: Any) -> Checkout:
    reason = CancellationReason(row["reason"]) if row["reason"] else None
    benefits = shapes.load(tuple[Benefit, ...], row["benefits"])
    return Checkout(**{**row, "state": CheckoutState(row["state"]), "reason": reason, "benefits": benefits})
