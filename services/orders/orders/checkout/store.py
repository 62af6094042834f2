"""Checkouts, and what a buyer has open."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orders.checkout.model.checkout import Checkout, CheckoutState
from orders.checkout.tables import checkout
from orders.fulfilment.front import CancellationReason, order
from shared import shapes
from shared.contracts.marketing import Benefit
from shared.round_trips import later
from shared.sagas.tables import saga

NOT_DELIVERED = ("placed", "confirmed", "preparing", "shipped")  # as in the index order_not_delivered


@dataclass(frozen=True)
class Checkouts:
    """Reads and writes checkouts."""

    connection: sa.Connection

    def add(self, new: Checkout) -> None:
        benefits = [shapes.dump(each) for each in new.benefits]
        later(self.connection, sa.insert(checkout).values({**asdict(new), "benefits": benefits}))

    def get(self, checkout_id: UUID) -> Checkout | None:
        return self._one(checkout.c.checkout_id == checkout_id)

    def by_quote(self, quote_id: UUID) -> Checkout | None:
        return self._one(checkout.c.quote_id == quote_id)

    def count_open(self, buyer_id: UUID) -> int:
        """The number of a buyer's unpaid checkouts."""
        waiting = sa.select(sa.func.count()).where(checkout.c.buyer_id == buyer_id, checkout.c.state == "placed")
        return self.connection.execute(waiting.select_from(checkout)).scalar_one()

    def open_cash(self, buyer_id: UUID) -> int:
        """The amount due on delivery of a buyer's cash orders, in minor units."""
        cash = checkout.c.method == "cash_on_delivery"
        which = [order.c.buyer_id == buyer_id, order.c.state.in_(NOT_DELIVERED), cash]
        due = sa.select(sa.func.coalesce(sa.func.sum(order.c.total - order.c.refunded), 0))
        return int(self.connection.execute(due.select_from(order.join(checkout)).where(*which)).scalar_one())

    def settle(
        self,
        checkout_id: UUID,
        state: CheckoutState,
        reason: CancellationReason | None = None,
        refusal: dict[str, Any] | None = None,
    ) -> None:
        """Store that the checkout was confirmed, or cancelled for `reason` with what was refused."""
        ended = sa.update(checkout).where(checkout.c.checkout_id == checkout_id)
        later(self.connection, ended.values(state=state, reason=reason, refusal=refusal))

    def is_running(self, checkout_id: UUID) -> bool:
        """Whether its saga is still running."""
        which = [saga.c.name == "orders.checkout", saga.c.business_key == str(checkout_id)]
        query = sa.select(saga.c.saga_id).where(*which, saga.c.status.not_in(("done", "undone")))
        return self.connection.execute(query).scalar() is not None

    def _one(self, which: sa.ColumnElement[bool]) -> Checkout | None:
        row = self.connection.execute(sa.select(checkout).where(which)).mappings().one_or_none()
        return _checkout(row) if row else None


def _checkout(row: Any) -> Checkout:
    reason = CancellationReason(row["reason"]) if row["reason"] else None
    benefits = shapes.load(tuple[Benefit, ...], row["benefits"])
    return Checkout(**{**row, "state": CheckoutState(row["state"]), "reason": reason, "benefits": benefits})
