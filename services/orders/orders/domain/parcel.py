"""Parcels: what was sent with whom, and what the carrier says of it."""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Unauthenticated

FRESH = timedelta(minutes=5)


class ParcelState(StrEnum):
    """Where a parcel is; a carrier's message of an earlier state changes nothing."""

    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"


class ForgedCallback(Unauthenticated):
    """The carrier's signature is missing, wrong or older than five minutes."""

    code = "forged_callback"


class TrackingNumberTaken(Conflict):
    """Another parcel of this carrier has that tracking number."""

    code = "tracking_number_taken"


@dataclass(kw_only=True)
class Parcel:
    """`lines` maps a line id to the pieces in this parcel."""

    parcel_id: UUID
    order_id: UUID
    carrier: str
    tracking_number: str
    state: ParcelState
    lines: dict[str, int]
    shipped_at: datetime
    expected_at: datetime | None = None
    delivered_at: datetime | None = None
    trace: list["Trace"] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Trace:
    """One message of the carrier."""

    at: datetime
    event: ParcelState
    place: str = ""
    text: str = ""


def check_signature(secret: bytes, header: str, body: str, now: datetime) -> None:
    """Check `t=<epoch>,v1=<hex>`: HMAC-SHA256 over "t.body", five minutes old at most. Raises ForgedCallback."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    sent = parts.get("t", "")
    expected = hmac.new(secret, f"{sent}.{body}".encode(), hashlib.sha256).hexdigest()
    genuine = hmac.compare_digest(expected.encode(), parts.get("v1", "").encode())
    if not (
        genuine and sent.isascii() and sent.isdigit() and abs(int(sent) - now.timestamp()) <= FRESH.total_seconds()
    ):
        raise ForgedCallback
