"""Parcels: their content, their carrier, and its reports."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Invalid, NotFound, Unauthenticated

FRESH = timedelta(minutes=5)
CLOCKS = timedelta(minutes=10)  # tolerated difference between a carrier's clock and ours
OLDEST = timedelta(days=30)


class ParcelState(StrEnum):
    """The state of a parcel; a report of an earlier state does not change it."""

    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"


class CallbackForged(Unauthenticated):
    """The carrier is unknown, or its signature is missing, wrong or older than five minutes."""

    code = "callback_forged"


class CarrierNotFound(Invalid):
    """The carrier does not exist; `carriers` lists those that do."""

    code = "carrier_not_found"


class ImplausibleTime(Invalid):
    """The time of a carrier event must be after the shipment, not in the future, and at most 30 days ago."""

    code = "event_time_implausible"


class CarrierReportNotFound(NotFound):
    """No open report has this id."""

    code = "carrier_report_not_found"


class ParcelNotFound(NotFound):
    """No parcel of this carrier has that tracking number."""

    code = "parcel_not_found"


class TrackingNumberTaken(Conflict):
    """Another parcel of this shop has this carrier and tracking number."""

    code = "tracking_number_taken"


@dataclass(kw_only=True)
class Parcel:
    """`lines` maps a line id to the quantity in this parcel.

    `number_shared`: another shop shipped a parcel with this carrier and number; one of the two is wrong.
    """

    parcel_id: UUID
    order_id: UUID
    shop_id: UUID
    carrier: str
    tracking_number: str
    state: ParcelState
    lines: dict[str, int]
    shipped_at: datetime
    expected_at: datetime | None = None
    delivered_at: datetime | None = None
    trace: list["Trace"] = field(default_factory=list)
    number_shared: bool = False


@dataclass(frozen=True, kw_only=True)
class Trace:
    """One report of the carrier."""

    at: datetime
    event: ParcelState
    place: str = ""
    text: str = ""


def check_time(at: datetime, now: datetime) -> None:
    """Raise ImplausibleTime for an event in the future or older than 30 days."""
    if not now - OLDEST <= at <= now + CLOCKS:
        raise ImplausibleTime(earliest=(now - OLDEST).isoformat(), latest=now.isoformat())


def matching(parcels: Sequence[Parcel], at: datetime) -> list[Parcel]:
    """Those of the parcels with one number that an event at this time can concern.

    These are the parcels in transit then, or else all that were shipped by then. Raises ParcelNotFound without
    parcels, ImplausibleTime when none was shipped by then.
    """
    if not parcels:
        raise ParcelNotFound
    sent = [p for p in parcels if p.shipped_at - CLOCKS <= at]
    if not sent:
        raise ImplausibleTime(earliest=min(p.shipped_at for p in parcels).isoformat())
    return [p for p in sent if p.delivered_at is None or at <= p.delivered_at] or sent


def check_signature(key: bytes, carrier: str, header: str, body: str, now: datetime) -> None:
    """Check `t=<epoch>,v1=<hex>`: HMAC-SHA256 over "t.carrier.body", at most five minutes old.

    Raises CallbackForged.
    """
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    sent = parts.get("t", "")
    expected = hmac.new(key, f"{sent}.{carrier}.{body}".encode(), hashlib.sha256).hexdigest()
    genuine = hmac.compare_digest(expected.encode(), parts.get("v1", "").encode())
    if not (
        genuine and sent.isascii() and sent.isdigit() and abs(int(sent) - now.timestamp()) <= FRESH.total_seconds()
    ):
        raise CallbackForged
