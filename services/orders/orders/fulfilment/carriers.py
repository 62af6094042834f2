"""The carriers of this installation, and the reports they send over HTTP.

CARRIERS is a JSON list of `{"name", "zh", "en", "key"}`. A report is signed JSON,
`{"tracking_number", "event", "at", "place", "text"}`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from orders.fulfilment.model.parcel import (
    CallbackForged,
    CarrierNotFound,
    ParcelState,
    Trace,
    check_signature,
    check_time,
)
from shared import settings, shapes
from shared.contracts.orders.requests import RecordCarrierEvent
from shared.shapes import Misshapen

SETTING = "CARRIERS"
Reported = tuple[str, Trace]


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """A carrier: its name in routes, its display names, and the key it signs with."""

    name: str = shapes.identifier(40)
    zh: str = shapes.text(40)
    en: str = shapes.text(40)
    key: str = shapes.raw(200)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The content of the setting CARRIERS."""

    carriers: tuple[Carrier, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A carrier's report of an event of a parcel."""

    tracking_number: str = shapes.parcel_number()
    event: ParcelState
    at: datetime = shapes.timestamp()
    place: str = shapes.provider_line(200, 0, default="")
    text: str = shapes.provider_line(500, 0, default="")


class BadCarriers(RuntimeError):
    """CARRIERS is not a JSON list of carriers, or two carriers in it share a name or a key."""


@cache
def known() -> Mapping[str, Carrier]:
    """The carriers by name. Raises MissingSetting, WeakSecret, BadCarriers."""
    listed = _listed(settings.secret(SETTING))
    for carrier in listed:
        settings.strong(f"{SETTING}: {carrier.name}", carrier.key.encode())
    if min(len({c.name for c in listed}), len({c.key for c in listed})) < max(len(listed), 1):
        raise BadCarriers
    return {carrier.name: carrier for carrier in listed}


def check_known(name: str) -> None:
    """Raise CarrierNotFound unless the carrier exists."""
    if name not in known():
        raise CarrierNotFound(carriers=sorted(known()))


def read(message: RecordCarrierEvent) -> Reported:
    """The tracking number and the trace in a carrier's message.

    Raises CallbackForged (also for an unknown carrier), Misshapen, and ImplausibleTime.
    """
    now, carrier = datetime.now(UTC), known().get(message.carrier)
    if not carrier:
        raise CallbackForged
    check_signature(carrier.key.encode(), carrier.name, message.signature, message.body, now)
    report = shapes.load(Report, _json(message.body))
    check_time(report.at, now)
    return report.tracking_number, Trace(at=report.at, event=report.event, place=report.place, text=report.text)


def _listed(setting: bytes) -> tuple[Carrier, ...]:
    try:
        return shapes.load(Listed, {"carriers": json.loads(setting)}).carriers
    except (ValueError, Misshapen) as error:
        raise BadCarriers(str(error)) from None


def _json(body: str) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):  # too deeply nested
        raise Misshapen({"body": ["Not JSON."]}) from None
