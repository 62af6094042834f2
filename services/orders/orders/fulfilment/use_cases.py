"""Changes of an order between its confirmation and its completion: accept, ship, deliver, receive."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from orders import messages, notices
from orders.fulfilment import views
from orders.fulfilment.model import shipping
from orders.fulfilment.model.order import Order
from orders.fulfilment.model.parcel import (
    CarrierReportNotFound,
    Parcel,
    ParcelNotFound,
    ParcelState,
    Trace,
    TrackingNumberTaken,
    matching,
)
from orders.fulfilment.model.states import SENT, Actor, CancellationReason, OrderState
from orders.fulfilment.store.carrier_reports import Report, trace_of
from shared.contracts.orders import OrderAccepted, OrderCancelled, OrderCompleted, OrderDelivered, OrderShipped
from shared.contracts.orders.requests import DecideCarrierReport, ShipOrder
from shared.ids import new_id
from shared.operating import log

if TYPE_CHECKING:  # circular: Work imports the stores of modules that import this module's front
    from orders.work import Work


def accept(work: "Work", order: Order, actor: Actor) -> None:
    """Accept the order, so that its preparation starts. Idempotent, also after it was shipped."""
    if order.state not in SENT and order.move(OrderState.PREPARING):
        save_step(work, order, actor)
        work.publish(
            OrderAccepted(
                order_id=order.order_id, shop_id=order.shop_id, buyer_id=order.buyer_id, version=order.version
            )
        )


def ship(work: "Work", order: Order, request: ShipOrder, actor: Actor) -> Parcel:
    """Ship a parcel; with the last units the order is shipped. Idempotent.

    Raises TransitionNotAllowed, ShipmentQuantityExceeded, TrackingNumberTaken (also by a parcel of this order with
    other content).
    """
    sent = work.parcels.of_order(order.order_id)
    known = [p for p in sent if (p.carrier, p.tracking_number) == (request.carrier, request.tracking_number)]
    if not known:
        return _send(work, order, sent, request, actor)
    wanted = _wanted(request) or shipping.left_to_send(order, sent, work.refunds.kept_back(order.order_id))
    if wanted and {str(line_id): n for line_id, n in wanted.items()} != known[0].lines:
        raise TrackingNumberTaken(parcel_id=str(known[0].parcel_id))
    return known[0]


def _wanted(request: ShipOrder) -> Counter[UUID]:
    quantities: Counter[UUID] = Counter()  # a line may be listed twice
    for line in request.lines:
        quantities[line.line_id] += line.quantity
    return quantities


def _send(work: "Work", order: Order, sent: list[Parcel], request: ShipOrder, actor: Actor) -> Parcel:
    lines = shipping.pack(order, sent, work.refunds.kept_back(order.order_id), _wanted(request))
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


def _shipped(work: "Work", order: Order, parcels: list[Parcel], actor: Actor) -> None:
    complete = shipping.all_sent(order, parcels, work.refunds.kept_back(order.order_id))
    if complete:
        order.move(OrderState.SHIPPED)
    else:
        order.version += 1
    save_step(work, order, actor, note=parcels[-1].tracking_number)
    notices.publish(work, shipping.ParcelSent(order=order))
    _publish_shipped(work, order, parcels[-1], complete=complete)
    messages.shipped(work, order, parcels[-1].carrier, parcels[-1].tracking_number)


@notices.reacts_to(shipping.PiecesRefunded)
def on_pieces_refunded(work: "Work", notice: shipping.PiecesRefunded) -> None:
    """If nothing is left to ship since the rest was refunded, the order is shipped, and perhaps delivered."""
    order, parcels = notice.order, work.parcels.of_order(notice.order.order_id)
    if order.state is OrderState.PREPARING and parcels and shipping.all_sent(order, parcels, notice.kept_back):
        order.move(OrderState.SHIPPED)
        save_step(work, order, Actor.SYSTEM)
        _publish_shipped(work, order, parcels[-1], complete=True)
        _deliver(work, order, max(p.delivered_at or work.now for p in parcels))


def _publish_shipped(work: "Work", order: Order, parcel: Parcel, *, complete: bool) -> None:
    work.publish(
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


def record_report(work: "Work", carrier: str, tracking_number: str, trace: Trace) -> None:
    """Store a carrier's report; with the delivery of its last parcel the order is delivered. Idempotent.

    A report that matches parcels of several shops changes none and waits for an operator.
    Raises ParcelNotFound, ImplausibleTime.
    """
    parcels = matching(work.parcels.find(carrier, tracking_number), trace.at)
    if len(parcels) == 1:
        _record(work, parcels[0], trace)
    else:
        work.carrier_reports.add(carrier, tracking_number, trace)


def decide_report(work: "Work", actor: str, requested: DecideCarrierReport) -> None:
    """Record the report on the parcel that the operator chose, or on none.

    Raises CarrierReportNotFound, ParcelNotFound.
    """
    report_id, parcel_id = requested.report_id, requested.parcel_id
    report = work.carrier_reports.lock(report_id)
    if not report:
        raise CarrierReportNotFound
    if parcel_id:
        _record(work, _parcel_of(work, report, parcel_id), trace_of(report))
    work.carrier_reports.decide(report_id, parcel_id, work.now)
    after = {"parcel_id": str(parcel_id) if parcel_id else None}
    about = f"carrier report {report_id}"
    log.note(work, actor=actor, action="carrier_report.decide", about=about, note=requested.note, after=after)


def _parcel_of(work: "Work", report: Report, parcel_id: UUID) -> Parcel:
    for parcel in work.parcels.find(report["carrier"], report["tracking_number"]):
        if parcel.parcel_id == parcel_id:
            return parcel
    raise ParcelNotFound


def _record(work: "Work", parcel: Parcel, trace: Trace) -> None:
    """Store the trace and advance the parcel; for an erased buyer, without the trace's text."""
    order = work.orders.lock(parcel.order_id)
    present = work.parcels.get(parcel.parcel_id)  # read again under the lock
    assert order
    assert present
    if work.is_erased(order.buyer_id):
        trace = replace(trace, text="")
    if work.parcels.add_trace(present, trace) and shipping.advance(present, trace):
        work.parcels.save(present)
        _deliver(work, order, trace.at)


def _deliver(work: "Work", order: Order, at: datetime) -> None:
    parcels = work.parcels.of_order(order.order_id)
    arrived = all(p.state is ParcelState.DELIVERED for p in parcels)
    if order.state is OrderState.SHIPPED and arrived and order.move(OrderState.DELIVERED):
        save_step(work, order, Actor.CARRIER)
        work.publish(OrderDelivered(checkout_id=order.checkout_id, delivered_at=at, **views.facts(order)))


def receive(work: "Work", order: Order) -> None:
    """Complete the order: the shopper confirms that it was received."""
    if order.move(OrderState.COMPLETED):
        save_step(work, order, Actor.SHOPPER)
        work.publish(OrderCompleted(checkout_id=order.checkout_id, **views.facts(order)))


def save_step(work: "Work", order: Order, actor: Actor, note: str | None = None) -> None:
    """Store an order whose state changed, and the step in its history."""
    work.orders.save(order, work.now)
    work.orders.note_steps([order], actor, work.now, note)


def publish_cancelled(work: "Work", order: Order) -> None:
    """Publish that an order is cancelled, without the typed reason, and send a message to the buyer."""
    work.publish(
        OrderCancelled(
            order_id=order.order_id,
            checkout_id=order.checkout_id,
            shop_id=order.shop_id,
            buyer_id=order.buyer_id,
            reason=order.reason or CancellationReason.CANCELLED,
            version=order.version,
        )
    )
    messages.cancelled(work, order)
