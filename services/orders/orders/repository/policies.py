"""What refunds of a shop's next orders pay, where the shop has chosen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orders.domain.terms import Policy
from orders.tables import shop_policy


@dataclass(frozen=True)
class Policies:
    """Reads and writes the shops' choices."""

    connection: sa.Connection

    def of(self, shop_ids: Collection[UUID]) -> dict[UUID, Policy]:
        """The policy of each of these shops; shares stay as they are unless a shop has chosen otherwise."""
        rows = sa.select(*shop_policy.c["shop_id", "policy"]).where(shop_policy.c.shop_id.in_(shop_ids))
        chosen = {row.shop_id: Policy(row.policy) for row in self.connection.execute(rows)}
        return {shop_id: chosen.get(shop_id, Policy.FROZEN_SHARES) for shop_id in shop_ids}

    def choose(self, shop_id: UUID, policy: Policy, now: datetime) -> None:
        """Keep a shop's choice."""
        row = insert(shop_policy).values(shop_id=shop_id, policy=policy, updated_at=now)
        kept = {"policy": row.excluded.policy, "updated_at": row.excluded.updated_at}
        self.connection.execute(row.on_conflict_do_update(index_elements=["shop_id"], set_=kept))
