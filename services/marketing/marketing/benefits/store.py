"""Stores the benefits of checkouts."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from marketing.benefits.model.benefits import Benefits, BenefitsState, HoldRefusal
from marketing.benefits.tables import benefits
from shared import shapes
from shared.round_trips import later


class BenefitsOfCheckouts:
    """One row per checkout, created by its first command. `shapes_of` are the benefits' dataclasses by kind."""

    def __init__(self, connection: Connection, at: datetime, shapes_of: Mapping[str, type[Any]]) -> None:
        self.connection, self.at, self.shapes_of = connection, at, shapes_of

    def lock(self, checkout_id: UUID) -> Benefits:
        """The checkout's row, created if it does not exist, and locked until commit."""
        fresh = {"checkout_id": checkout_id, "state": BenefitsState.NONE, "changed_at": self.at}
        later(self.connection, insert(benefits).values(fresh).on_conflict_do_nothing())
        query = select(benefits).where(benefits.c.checkout_id == checkout_id).with_for_update()
        row = self.connection.execute(query).one()
        reason = HoldRefusal(row.reason) if row.reason else None
        refused, held = self._loaded(row.refused), self._loaded(row.held)
        return Benefits(row.checkout_id, BenefitsState(row.state), reason, refused, held)

    def put(self, changed: Benefits) -> None:
        """Store the new state of a locked row."""
        values = {"state": changed.state, "reason": changed.reason, "changed_at": self.at}
        named = {"refused": _documents(changed.refused), "held": _documents(changed.held)}
        where = benefits.c.checkout_id == changed.checkout_id
        later(self.connection, update(benefits).where(where).values(**values, **named))

    def _loaded(self, documents: Iterable[dict[str, Any]]) -> tuple[Any, ...]:
        return tuple(shapes.load(self.shapes_of[each["kind"]], each) for each in documents)


def _documents(named: Iterable[Any]) -> list[dict[str, Any]]:
    return [shapes.dump(each) for each in named]
