"""Carrier reports that match several parcels; they change none until an operator has decided."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orders.fulfilment.model.parcel import ParcelState, Trace
from orders.fulfilment.tables import carrier_report
from shared.ids import new_id
from shared.round_trips import later

Report = dict[str, Any]
OPEN = carrier_report.c.decided_at.is_(None)


@dataclass(frozen=True)
class CarrierReports:
    """Reads and writes carrier reports."""

    connection: sa.Connection

    def add(self, carrier: str, tracking_number: str, trace: Trace) -> None:
        """Store a report. Idempotent."""
        values = {"report_id": new_id(), "carrier": carrier, "tracking_number": tracking_number, **asdict(trace)}
        later(self.connection, insert(carrier_report).values(values).on_conflict_do_nothing())

    def lock(self, report_id: UUID) -> Report | None:
        """An undecided report, locked."""
        row = sa.select(carrier_report).where(carrier_report.c.report_id == report_id, OPEN).with_for_update()
        found = self.connection.execute(row).mappings().one_or_none()
        return dict(found) if found else None

    def page(self, *, after: UUID | None, limit: int) -> list[Report]:
        """The newest undecided reports, older than `after`."""
        which = [OPEN, *([carrier_report.c.report_id < after] if after else [])]
        rows = sa.select(carrier_report).where(*which).order_by(carrier_report.c.report_id.desc()).limit(limit)
        return [dict(row) for row in self.connection.execute(rows).mappings()]

    def decide(self, report_id: UUID, parcel_id: UUID | None, now: datetime) -> None:
        """Store which parcel the report was about, None for none."""
        row = sa.update(carrier_report).where(carrier_report.c.report_id == report_id)
        later(self.connection, row.values(decided_at=now, parcel_id=parcel_id))

    def count_open(self) -> int:
        return self.connection.execute(sa.select(sa.func.count()).where(OPEN)).scalar_one()


def trace_of(report: Report) -> Trace:
    """The report as a trace of a parcel."""
    event = ParcelState(report["event"])
    return Trace(at=report["at"], event=event, place=report["place"], text=report["text"])
