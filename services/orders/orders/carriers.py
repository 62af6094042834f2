"""What carriers tell us over HTTP: signed JSON, `{"tracking_number", "event", "at", "place", "text"}`."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from orders.domain.parcel import ParcelState, Trace, check_signature
from orders.schemas import CarrierEvent
from shared import settings, shapes
from shared.shapes import Misshapen

AHEAD = timedelta(minutes=10)  # how far a carrier's clock may be ahead of ours


@dataclass(frozen=True, kw_only=True)
class Report:
    """One event on a parcel's way."""

    tracking_number: str = shapes.parcel_number()
    event: ParcelState
    at: datetime = shapes.timestamp()
    place: str = shapes.provider_line(200, 0, default="")
    text: str = shapes.provider_line(500, 0, default="")


def read(message: CarrierEvent) -> tuple[str, Trace]:
    """The tracking number and the trace in a carrier's message. Raises ForgedCallback, Misshapen."""
    now = datetime.now(UTC)
    check_signature(settings.secret("CARRIER_SECRET"), message.signature, message.body, now)
    report = shapes.load(Report, _json(message.body))
    if report.at > now + AHEAD:
        raise Misshapen({"at": ["Lies in the future."]})
    return report.tracking_number, Trace(at=report.at, event=report.event, place=report.place, text=report.text)


def _json(body: str) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):  # as deep as a body can be
        raise Misshapen({"body": ["Not JSON."]}) from None
