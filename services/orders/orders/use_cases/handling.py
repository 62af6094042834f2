"""What a merchant does with an order: accept, ship in one or several parcels; and what carriers report."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from orders.domain import shipping
from orders.domain.order import Order
from orders.domain.parcel import Parcel, ParcelState, Trace, TrackingNumberTaken, meant_by
from orders.domain.states import SENT, OrderState
from orders.schemas import Ship
from orders.use_cases import amounts
from orders.work import Work
from shared.contracts.orders import OrderAccepted, OrderCompleted, OrderDelivered, OrderShipped
from shared.ids import new_id


def accept(work: Work, order: Order, actor: str) -> None:
    """The merchant takes the order on and prepares the goods. Later, too, it changes nothing: it was taken on."""
    if order.state not in SENT and order.move(OrderState.PREPARING):
        keep(work, order, actor)
        work.say(
            OrderAccepted(
                order_id=order.order_id, shop_id=order.shop_id, buyer_id=order.buyer_id, version=order.version
            )
        )


def ship(work: Work, order: Order, request: Ship, actor: str) -> Parcel:
    """Send a parcel; with `complete` the order is shipped. The same parcel again changes nothing.

    Raises WrongMove, NotInOrder (pieces that are not left to send), TrackingNumberTaken (also by other pieces).
    """
    sent = work.parcels.of_order(order.order_id)
    known = [p for p in sent if (p.carrier, p.tracking_number) == (request.carrier, request.tracking_number)]
    if not known:
        return _send(work, order, sent, request, actor)
    wanted = _wanted(request) or shipping.left_to_send(order, sent, work.refunds.of_order(order.order_id))
    if wanted and {str(line_id): n for line_id, n in wanted.items()} != known[0].lines:
        raise TrackingNumberTaken(parcel_id=str(known[0].parcel_id))
    return known[0]


def _wanted(request: Ship) -> Counter[UUID]:
    pieces: Counter[UUID] = Counter()  # a line may be named twice
    for line in request.lines:
        pieces[line.line_id] += line.quantity
    return pieces


def _send(work: Work, order: Order, sent: list[Parcel], request: Ship, actor: str) -> Parcel:
    lines = shipping.pack(order, sent, work.refunds.of_order(order.order_id), _wanted(request))
    parcel = Parcel(
        parcel_id=new_id(),
        order_id=order.order_id,
        shop_id=order.shop_id,
        carrier=request.carrier,
        tracking_number=request.tracking_number,
        state=ParcelState.SHIPPED,
        lines=lines,
        shipped_at=work.now,
        expected_at=work.now + shipping.USUAL_TRANSIT,
    )
    if not work.parcels.add(parcel):
        raise TrackingNumberTaken
    _shipped(work, order, [*sent, parcel], actor)
    return parcel


def _shipped(work: Work, order: Order, parcels: list[Parcel], actor: str) -> None:
    complete = shipping.all_sent(order, parcels, work.refunds.of_order(order.order_id))
    if complete:
        order.move(OrderState.SHIPPED)
    else:
        order.version += 1
    keep(work, order, actor, note=parcels[-1].tracking_number)
    amounts.of_requests(work, order)
    _say_shipped(work, order, parcels[-1], complete=complete)


def finish(work: Work, order: Order) -> None:
    """Nothing is left to be sent, because the rest was refunded: the order is shipped, and perhaps delivered."""
    parcels, refunds = work.parcels.of_order(order.order_id), work.refunds.of_order(order.order_id)
    if order.state is OrderState.PREPARING and parcels and shipping.all_sent(order, parcels, refunds):
        order.move(OrderState.SHIPPED)
        keep(work, order, "system")
        _say_shipped(work, order, parcels[-1], complete=True)
        _tell_delivered(work, order, max(p.delivered_at or work.now for p in parcels))


def _say_shipped(work: Work, order: Order, parcel: Parcel, *, complete: bool) -> None:
    work.say(
        OrderShipped(
            order_id=order.order_id,
            shop_id=order.shop_id,
            buyer_id=order.buyer_id,
            parcel_id=parcel.parcel_id,
            carrier=parcel.carrier,
            tracking_number=parcel.tracking_number,
            complete=complete,
            version=order.version,
        )
    )


def hear_carrier(work: Work, carrier: str, tracking_number: str, trace: Trace) -> None:
    """Keep a carrier's report; with the last parcel's arrival the order is delivered. Repeats change nothing.

    A report that fits several shops' parcels moves none: it waits for an operator.
    Raises UnknownParcel, ImplausibleTime.
    """
    meant = meant_by(work.parcels.find(carrier, tracking_number), trace.at)
    if len(meant) == 1:
        seen(work, meant[0], trace)
    else:
        work.carrier_reports.add(carrier, tracking_number, trace)


def seen(work: Work, parcel: Parcel, trace: Trace) -> None:
    """Keep on the parcel what a carrier saw of it, and move it along."""
    order = work.orders.lock(parcel.order_id)
    present = work.parcels.get(parcel.parcel_id)  # as it stands under the lock
    assert order
    assert present
    if work.parcels.add_trace(present, trace) and shipping.advance(present, trace):
        work.parcels.save(present)
        _tell_delivered(work, order, trace.at)


def _tell_delivered(work: Work, order: Order, at: datetime) -> None:
    parcels = work.parcels.of_order(order.order_id)
    arrived = all(p.state is ParcelState.DELIVERED for p in parcels)
    if order.state is OrderState.SHIPPED and arrived and order.move(OrderState.DELIVERED):
        keep(work, order, "carrier")
        work.say(
            OrderDelivered(
                order_id=order.order_id,
                checkout_id=order.checkout_id,
                shop_id=order.shop_id,
                buyer_id=order.buyer_id,
                delivered_at=at,
                version=order.version,
            )
        )


def receive(work: Work, order: Order, actor: str) -> None:
    """The shopper has the goods and is content."""
    if order.move(OrderState.COMPLETED):
        keep(work, order, actor)
        work.say(
            OrderCompleted(
                order_id=order.order_id, shop_id=order.shop_id, buyer_id=order.buyer_id, version=order.version
            )
        )


def keep(work: Work, order: Order, actor: str, note: str | None = None) -> None:
    """Store an order that moved, and its step in the time line."""
    work.orders.save(order, work.now)
    work.orders.note_steps([order], actor, work.now, note)
