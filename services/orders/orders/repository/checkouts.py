"""Checkouts."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orders.domain.checkout import Checkout
from orders.tables import checkout
from shared.sagas.tables import saga


@dataclass(frozen=True)
class Checkouts:
    """Reads and writes checkouts."""

    connection: sa.Connection

    def add(self, new: Checkout) -> None:
        self.connection.execute(sa.insert(checkout).values(**asdict(new)))

    def get(self, checkout_id: UUID) -> Checkout | None:
        return self._one(checkout.c.checkout_id == checkout_id)

    def by_quote(self, quote_id: UUID) -> Checkout | None:
        return self._one(checkout.c.quote_id == quote_id)

    def count_open(self, buyer_id: UUID) -> int:
        """How many of a buyer's checkouts wait for their money."""
        waiting = sa.select(sa.func.count()).where(checkout.c.buyer_id == buyer_id, checkout.c.state == "placed")
        return self.connection.execute(waiting.select_from(checkout)).scalar_one()

    def settle(
        self, checkout_id: UUID, state: str, reason: str | None = None, refusal: dict[str, Any] | None = None
    ) -> None:
        """Keep where the checkout ended: confirmed, or cancelled for `reason`, with what stood in the way."""
        ended = sa.update(checkout).where(checkout.c.checkout_id == checkout_id)
        self.connection.execute(ended.values(state=state, reason=reason, refusal=refusal))

    def is_under_way(self, checkout_id: UUID) -> bool:
        """Whether its saga has not ended."""
        ours = [saga.c.name == "orders.checkout", saga.c.business_key == str(checkout_id)]
        query = sa.select(saga.c.saga_id).where(*ours, saga.c.status.not_in(("done", "undone")))
        return self.connection.execute(query).scalar() is not None

    def _one(self, which: sa.ColumnElement[bool]) -> Checkout | None:
        row = self.connection.execute(sa.select(checkout).where(which)).mappings().one_or_none()
        return Checkout(**{**row, "coupon_ids": tuple(row["coupon_ids"])}) if row else None
