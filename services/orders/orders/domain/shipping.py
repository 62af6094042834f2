"""Packing: which pieces of an order go into a parcel, and when all of them are on their way."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from orders.domain.order import Order
from orders.domain.parcel import Parcel, ParcelState, Trace
from orders.domain.states import OrderState, WrongMove
from shared.errors import Conflict

USUAL_TRANSIT = timedelta(days=3)
ROAD = [ParcelState.SHIPPED, ParcelState.IN_TRANSIT, ParcelState.DELIVERED]


class NotInOrder(Conflict):
    """So many pieces of that line are not left to be sent."""

    code = "not_left_to_ship"


def left_to_send(order: Order, parcels: Sequence[Parcel]) -> dict[UUID, int]:
    """Pieces by line that are neither sent nor asked back."""
    sent = {li.line_id: sum(p.lines.get(str(li.line_id), 0) for p in parcels) for li in order.lines}
    left = {li.line_id: li.quantity - li.claimed_quantity - sent[li.line_id] for li in order.lines}
    return {line_id: n for line_id, n in left.items() if n > 0}


def pack(order: Order, parcels: Sequence[Parcel], wanted: Mapping[UUID, int]) -> dict[str, int]:
    """The content of the next parcel: what is wanted, or all that is left. Raises WrongMove, NotInOrder."""
    if order.state is not OrderState.PREPARING:
        raise WrongMove("only an order in preparation is shipped", state=str(order.state))
    left = left_to_send(order, parcels)
    content = dict(wanted) or left
    if not content or any(n > left.get(line_id, 0) for line_id, n in content.items()):
        raise NotInOrder(left={str(line_id): n for line_id, n in left.items()})
    return {str(line_id): n for line_id, n in content.items()}


def all_sent(order: Order, parcels: Sequence[Parcel]) -> bool:
    return not left_to_send(order, parcels)


def advance(parcel: Parcel, trace: Trace) -> bool:
    """Move the parcel along its road; an older or repeated message moves nothing."""
    if ROAD.index(trace.event) <= ROAD.index(parcel.state):
        return False
    parcel.state = trace.event
    if trace.event is ParcelState.DELIVERED:
        parcel.delivered_at = trace.at
    return True
