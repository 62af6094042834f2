"""Erasures, by user."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shared import shapes
from shared.round_trips import later
from users.erasure.model import Erasure, ErasureState, OpenMatter
from users.erasure.tables import erasure


@dataclass(frozen=True)
class Erasures:
    """Reads and writes erasures."""

    connection: sa.Connection

    def get(self, user_id: UUID, *, lock: bool = False) -> Erasure | None:
        """The latest erasure of a user; None if none was requested."""
        found = sa.select(erasure).where(erasure.c.user_id == user_id)
        row = self.connection.execute(found.with_for_update() if lock else found).mappings().one_or_none()
        return _erasure(row) if row else None

    def save(self, one: Erasure) -> None:
        """Store an erasure, replacing an earlier one of the same user."""
        row = {**vars(one), "open": [shapes.dump(matter) for matter in one.open]}
        changed = {name: value for name, value in row.items() if name != "user_id"}
        stored = insert(erasure).values(row).on_conflict_do_update(index_elements=["user_id"], set_=changed)
        later(self.connection, stored)

    def due(self, now: datetime, most: int) -> Sequence[Erasure]:
        """Erasures due for another attempt, locked, longest due first."""
        late = sa.select(erasure).where(erasure.c.next_check_at <= now).order_by(erasure.c.next_check_at)
        rows = self.connection.execute(late.limit(most).with_for_update(skip_locked=True))
        return [_erasure(row) for row in rows.mappings()]


def _erasure(row: Any) -> Erasure:
    matters = shapes.load(tuple[OpenMatter, ...], row["open"])
    return Erasure(**{**row, "state": ErasureState(row["state"]), "open": matters})
