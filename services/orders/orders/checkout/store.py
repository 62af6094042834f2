"""Checkouts, and what a buyer has open."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orders.checkout.model.checkout import Checkout, CheckoutState
from orders.checkout.tables import checkout
from orders.fulfilment.front import CancellationReason
from shared import shapes
from shared.contracts.marketing import Benefit
from shared.reading import Part, Row, rows, take
from shared.rows import append, change
from shared.sagas.tables import saga

FIELDS = [column.name for column in checkout.columns]
CASH = "cash_on_delivery"
BY_QUOTE = "SELECT quote_id FROM checkout WHERE quote_id = ANY(%s)"
OPEN = """
    SELECT buyer_id, count(*) AS number FROM checkout WHERE buyer_id = ANY(%s) AND state = 'placed'
    GROUP BY buyer_id"""
NEWEST = "WHERE buyer_id = %(buyer)s {older} {states} ORDER BY checkout_id DESC LIMIT %(limit)s"
OLDER, IN_STATES = "AND checkout_id < %(after)s", "AND state = ANY(%(states)s)"
NOT_DELIVERED = ("placed", "confirmed", "preparing", "shipped")  # as in the index order_not_delivered
OPEN_CASH = """
    SELECT orders.buyer_id, sum(orders.total - refunded) AS due FROM orders JOIN checkout USING (checkout_id)
    WHERE orders.buyer_id = ANY(%s) AND orders.state IN %s AND method = 'cash_on_delivery'
    GROUP BY orders.buyer_id"""


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
        found = {one.checkout_id: one for one in self._some("checkout_id", checkout_ids)}
        self._by_id.update({checkout_id: found.get(checkout_id) for checkout_id in checkout_ids})

    def read_by_quotes(self, quote_ids: Collection[UUID]) -> None:
        """Read the checkouts of these quotes in advance, for `by_quote`."""
        found = {one.quote_id: one for one in self._some("quote_id", quote_ids)}
        self._by_quote.update({quote_id: found.get(quote_id) for quote_id in quote_ids})

    def of_quotes(self, quote_ids: Collection[UUID]) -> Part:
        """What to read in advance for `by_quote`: hardly any quote was ordered before."""

        def keep(found: list[Row]) -> None:
            self._by_quote.update(dict.fromkeys(quote_ids))
            if found:
                self.read_by_quotes([UUID(row["quote_id"]) for row in found])

        return Part(BY_QUOTE, [list(quote_ids)], keep)

    def open_of(self, buyer_ids: Collection[UUID]) -> Part:
        """What to read in advance for `count_open`: unpaid checkouts of these buyers. Their carts are locked."""
        return Part(OPEN, [list(buyer_ids)], _by_buyer("number", buyer_ids, self._open))

    def open_cash_of(self, buyer_ids: Collection[UUID]) -> Part:
        """What to read in advance for `open_cash`: what is due on delivery. The buyers' carts are locked."""
        keep = _by_buyer("due", buyer_ids, self._open_cash)
        return Part(OPEN_CASH, [list(buyer_ids), NOT_DELIVERED], keep)

    def get(self, checkout_id: UUID) -> Checkout | None:
        if checkout_id not in self._by_id:
            return next(iter(self._some("checkout_id", [checkout_id])), None)
        return self._by_id[checkout_id]

    def page(
        self, buyer_id: UUID, *, after: UUID | None, limit: int, states: Collection[str] = ()
    ) -> list[Checkout]:
        """The newest checkouts of a buyer, older than `after`, in these states or all."""
        which = NEWEST.format(older=OLDER if after else "", states=IN_STATES if states else "")
        values = {"buyer": buyer_id, "after": after, "states": list(states), "limit": limit}
        return [_checkout(row) for row in rows(self.connection, checkout, which, values)]

    def by_quote(self, quote_id: UUID) -> Checkout | None:
        """The checkout of a quote."""
        if quote_id not in self._by_quote:
            self.read_by_quotes([quote_id])
        return self._by_quote[quote_id]

    def count_open(self, buyer_id: UUID) -> int:
        """The number of a buyer's unpaid checkouts."""
        if buyer_id not in self._open:
            take(self.connection, self.open_of([buyer_id]))
        return self._open[buyer_id]

    def open_cash(self, buyer_id: UUID) -> int:
        """The amount due on delivery of a buyer's cash orders, in minor units."""
        if buyer_id not in self._open_cash:
            take(self.connection, self.open_cash_of([buyer_id]))
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

    def _some(self, column: str, ids: Collection[UUID]) -> list[Checkout]:
        return [_checkout(row) for row in rows(self.connection, checkout, f"WHERE {column} = ANY(%s)", list(ids))]


def _by_buyer(name: str, buyer_ids: Collection[UUID], known: dict[UUID, int]) -> Callable[[list[Row]], None]:
    """What keeps a number of each of these buyers, 0 for one without a row."""

    def keep(found: list[Row]) -> None:
        known.update(dict.fromkeys(buyer_ids, 0))
        known.update({UUID(row["buyer_id"]): int(row[name]) for row in found})

    return keep


def _checkout(row: Any) -> Checkout:
    reason = CancellationReason(row["reason"]) if row["reason"] else None
    benefits = shapes.load(tuple[Benefit, ...], row["benefits"])
    return Checkout(**{**row, "state": CheckoutState(row["state"]), "reason": reason, "benefits": benefits})
