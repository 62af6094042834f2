"""Packing: which pieces of an order go into a parcel, and when all of them are on their way."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from orders.domain.order import Order
from orders.domain.parcel import Parcel, ParcelState, Trace
from orders.domain.refund import Refund
from orders.domain.states import OrderState, RefundState, WrongMove
from shared.errors import Conflict

USUAL_TRANSIT = timedelta(days=3)
WANTED = {RefundState.REQUESTED, RefundState.RUNNING, RefundState.REFUNDED}
ROAD = [ParcelState.SHIPPED, ParcelState.IN_TRANSIT, ParcelState.DELIVERED]


class NotInOrder(Conflict):
    """So many pieces of that line are not left to be sent."""

    code = "not_left_to_ship"


def left_to_send(order: Order, parcels: Sequence[Parcel], refunds: Sequence[Refund]) -> dict[UUID, int]:
    """Pieces by line that are neither sent nor kept back because somebody wants their money instead."""
    away = Counter({li.line_id: sum(p.lines.get(str(li.line_id), 0) for p in parcels) for li in order.lines})
    for line in (line for refund in refunds if refund.state in WANTED for line in refund.lines):
        away[line.line_id] += line.unsent
    left = {li.line_id: li.quantity - away[li.line_id] for li in order.lines}
    return {line_id: n for line_id, n in left.items() if n > 0}


def pack(
    order: Order, parcels: Sequence[Parcel], refunds: Sequence[Refund], wanted: Mapping[UUID, int]
) -> dict[str, int]:
    """The content of the next parcel: what is wanted, or all that is left. Raises WrongMove, NotInOrder."""
    if order.state is not OrderState.PREPARING:
        raise WrongMove("only an order in preparation is shipped", state=str(order.state))
    left = left_to_send(order, parcels, refunds)
    content = dict(wanted) or left
    if not content or any(n > left.get(line_id, 0) for line_id, n in content.items()):
        raise NotInOrder(left={str(line_id): n for line_id, n in left.items()})
    return {str(line_id): n for line_id, n in content.items()}


def all_sent(order: Order, parcels: Sequence[Parcel], refunds: Sequence[Refund]) -> bool:
    return not left_to_send(order, parcels, refunds)


def advance(parcel: Parcel, trace: Trace) -> bool:
    """Move the parcel along its road; an older or repeated message moves nothing."""
    if ROAD.index(trace.event) <= ROAD.index(parcel.state):
        return False
    parcel.state = trace.event
    if trace.event is ParcelState.DELIVERED:
        parcel.delivered_at = trace.at
    return True
