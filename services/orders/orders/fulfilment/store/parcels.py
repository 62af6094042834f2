"""Parcels and the reports of their carriers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orders.fulfilment.model.parcel import Parcel, ParcelState, Trace
from orders.fulfilment.tables import parcel, parcel_trace
from shared.round_trips import later

other = parcel.alias()
SHARED = (
    sa.exists()
    .where(
        other.c.carrier == parcel.c.carrier,
        other.c.tracking_number == parcel.c.tracking_number,
        other.c.shop_id != parcel.c.shop_id,
    )
    .label("number_shared")
)


@dataclass(frozen=True)
class Parcels:
    """Reads and writes parcels."""

    connection: sa.Connection

    def add(self, new: Parcel) -> bool:
        """Store a parcel; False when the shop has another one with this carrier and tracking number."""
        values = {c.name: getattr(new, c.name) for c in parcel.columns}
        row = insert(parcel).values(values).on_conflict_do_nothing()
        return self.connection.execute(row.returning(parcel.c.parcel_id)).scalar_one_or_none() is not None

    def get(self, parcel_id: UUID) -> Parcel | None:
        """One parcel; lock its order to change it."""
        return next(iter(self._read(parcel.c.parcel_id == parcel_id)), None)

    def find(self, carrier: str, tracking_number: str) -> list[Parcel]:
        """The parcels with a carrier's tracking number, at most one per shop; lock their orders to change them."""
        return self._read(parcel.c.carrier == carrier, parcel.c.tracking_number == tracking_number)

    def of_order(self, order_id: UUID) -> list[Parcel]:
        """An order's parcels with their traces, oldest first."""
        return self._read(parcel.c.order_id == order_id)

    def add_trace(self, of: Parcel, trace: Trace) -> bool:
        """Store a carrier's report; False when it is stored already."""
        values = {"parcel_id": of.parcel_id, "at": trace.at, "event": trace.event}
        row = insert(parcel_trace).values(**values, place=trace.place, text=trace.text).on_conflict_do_nothing()
        return self.connection.execute(row.returning(parcel_trace.c.parcel_id)).scalar_one_or_none() is not None

    def save(self, changed: Parcel) -> None:
        row = sa.update(parcel).where(parcel.c.parcel_id == changed.parcel_id)
        later(self.connection, row.values(state=changed.state, delivered_at=changed.delivered_at))

    def _read(self, *which: sa.ColumnElement[bool]) -> list[Parcel]:
        rows = sa.select(parcel, SHARED).where(*which).order_by(parcel.c.shipped_at, parcel.c.parcel_id)
        found = [
            Parcel(**{**row, "state": ParcelState(row["state"])})
            for row in self.connection.execute(rows).mappings()
        ]
        traces = self._traces([p.parcel_id for p in found]) if found else []
        for one in found:
            one.trace = [_trace(row) for row in traces if row["parcel_id"] == one.parcel_id]
        return found

    def _traces(self, parcel_ids: Iterable[UUID]) -> list[Any]:
        rows = sa.select(parcel_trace).where(parcel_trace.c.parcel_id.in_(list(parcel_ids)))
        return list(self.connection.execute(rows.order_by(parcel_trace.c.at)).mappings())


def _trace(row: Any) -> Trace:
    return Trace(at=row["at"], event=ParcelState(row["event"]), place=row["place"], text=row["text"])
