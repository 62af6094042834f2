"""What an operator does with a carrier's report that fits several parcels."""

from typing import Any
from uuid import UUID

from orders.domain.parcel import Parcel, UnknownParcel
from orders.repository.carrier_reports import trace_of
from orders.use_cases import handling
from orders.work import Work
from shared.errors import NotFound
from shared.operating import log


class ReportNotFound(NotFound):
    """No such report waits for a decision."""

    code = "carrier_report_not_found"


def decide(work: Work, actor: str, report_id: UUID, parcel_id: UUID | None, note: str) -> dict[str, Any]:
    """Book the report on the parcel that it was about, on none with None. Raises ReportNotFound, UnknownParcel."""
    report = work.carrier_reports.lock(report_id)
    if not report:
        raise ReportNotFound
    if parcel_id:
        handling.seen(work, _one_of(work, report, parcel_id), trace_of(report))
    work.carrier_reports.decide(report_id, parcel_id, work.now)
    after = {"parcel_id": str(parcel_id) if parcel_id else None}
    about = f"carrier report {report_id}"
    log.note(work, actor=actor, action="carrier_report.decide", about=about, note=note, after=after)
    return report


def _one_of(work: Work, report: dict[str, Any], parcel_id: UUID) -> Parcel:
    for parcel in work.parcels.find(report["carrier"], report["tracking_number"]):
        if parcel.parcel_id == parcel_id:
            return parcel
    raise UnknownParcel
