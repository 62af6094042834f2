"""Shipping: the content of a parcel, what is left to ship, and a parcel's progress."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from orders.fulfilment.model.order import Order
from orders.fulfilment.model.parcel import Parcel, ParcelState, Trace
from orders.fulfilment.model.states import OrderState, TransitionNotAllowed
from shared.errors import Conflict

USUAL_TRANSIT = timedelta(days=3)
PROGRESS = [ParcelState.SHIPPED, ParcelState.IN_TRANSIT, ParcelState.DELIVERED]


class ShipmentQuantityExceeded(Conflict):
    """The quantity exceeds what is left to ship of the line."""

    code = "shipment_quantity_exceeded"


@dataclass(frozen=True, kw_only=True)
class ParcelSent:
    """Notice: a parcel of the order was shipped. The order is locked."""

    order: Order


@dataclass(frozen=True, kw_only=True)
class PiecesRefunded:
    """Notice of after-sale: units of the order were refunded. The order is locked.

    `kept_back` is the quantity by line that is not to be shipped, since its refund was requested or granted.
    """

    order: Order
    kept_back: Mapping[UUID, int]


def left_to_send(order: Order, parcels: Sequence[Parcel], kept_back: Mapping[UUID, int]) -> dict[UUID, int]:
    """The quantity by line that is neither shipped nor `kept_back` for a refund."""
    taken = Counter({li.line_id: sum(p.lines.get(str(li.line_id), 0) for p in parcels) for li in order.lines})
    taken.update(kept_back)
    left = {li.line_id: li.quantity - taken[li.line_id] for li in order.lines}
    return {line_id: n for line_id, n in left.items() if n > 0}


def pack(
    order: Order, parcels: Sequence[Parcel], kept_back: Mapping[UUID, int], wanted: Mapping[UUID, int]
) -> dict[str, int]:
    """The content of the next parcel: `wanted`, or all that is left if that is empty.

    Raises TransitionNotAllowed, ShipmentQuantityExceeded.
    """
    if order.state is not OrderState.PREPARING:
        raise TransitionNotAllowed("only an order in preparation can be shipped", state=str(order.state))
    left = left_to_send(order, parcels, kept_back)
    content = dict(wanted) or left
    if not content or any(n > left.get(line_id, 0) for line_id, n in content.items()):
        raise ShipmentQuantityExceeded(left={str(line_id): n for line_id, n in left.items()})
    return {str(line_id): n for line_id, n in content.items()}


def all_sent(order: Order, parcels: Sequence[Parcel], kept_back: Mapping[UUID, int]) -> bool:
    return not left_to_send(order, parcels, kept_back)


def advance(parcel: Parcel, trace: Trace) -> bool:
    """Move the parcel to the trace's state; False for an older or repeated report."""
    if PROGRESS.index(trace.event) <= PROGRESS.index(parcel.state):
        return False
    parcel.state = trace.event
    if trace.event is ParcelState.DELIVERED:
        parcel.delivered_at = trace.at
    return True
