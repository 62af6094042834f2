"""Packing: which pieces of an order go into a parcel, and when all of them are on their way."""

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
ROAD = [ParcelState.SHIPPED, ParcelState.IN_TRANSIT, ParcelState.DELIVERED]


class ShipmentQuantityExceeded(Conflict):
    """So many pieces of that line are not left to be sent."""

    code = "shipment_quantity_exceeded"


@dataclass(frozen=True, kw_only=True)
class ParcelSent:
    """A parcel of the order has left the shop: a notice to other modules. The order is locked."""

    order: Order


@dataclass(frozen=True, kw_only=True)
class PiecesRefunded:
    """Pieces of the order were refunded: a notice of after-sale. The order is locked.

    `set_aside` are all its pieces by line that stay in the shop, because their money goes back instead.
    """

    order: Order
    set_aside: Mapping[UUID, int]


def left_to_send(order: Order, parcels: Sequence[Parcel], kept_back: Mapping[UUID, int]) -> dict[UUID, int]:
    """Pieces by line that are neither sent nor `kept_back` because somebody wants their money instead."""
    away = Counter({li.line_id: sum(p.lines.get(str(li.line_id), 0) for p in parcels) for li in order.lines})
    away.update(kept_back)
    left = {li.line_id: li.quantity - away[li.line_id] for li in order.lines}
    return {line_id: n for line_id, n in left.items() if n > 0}


def pack(
    order: Order, parcels: Sequence[Parcel], kept_back: Mapping[UUID, int], wanted: Mapping[UUID, int]
) -> dict[str, int]:
    """The content of the next parcel: what is wanted, or all that is left.

    Raises TransitionNotAllowed, ShipmentQuantityExceeded.
    """
    if order.state is not OrderState.PREPARING:
        raise TransitionNotAllowed("only an order in preparation is shipped", state=str(order.state))
    left = left_to_send(order, parcels, kept_back)
    content = dict(wanted) or left
    if not content or any(n > left.get(line_id, 0) for line_id, n in content.items()):
        raise ShipmentQuantityExceeded(left={str(line_id): n for line_id, n in left.items()})
    return {str(line_id): n for line_id, n in content.items()}


def all_sent(order: Order, parcels: Sequence[Parcel], kept_back: Mapping[UUID, int]) -> bool:
    return not left_to_send(order, parcels, kept_back)


def advance(parcel: Parcel, trace: Trace) -> bool:
    """Move the parcel along its road; an older or repeated message moves nothing."""
    if ROAD.index(trace.event) <= ROAD.index(parcel.state):
        return False
    parcel.state = trace.event
    if trace.event is ParcelState.DELIVERED:
        parcel.delivered_at = trace.at
    return True
