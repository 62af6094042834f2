"""Orders, parcels and carriers as contract views."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from orders.fulfilment.carriers import Carrier
from orders.fulfilment.model.order import Line, Order, Step
from orders.fulfilment.model.parcel import Parcel, Trace
from orders.fulfilment.model.terms import Allocation, Why
from shared import shapes
from shared.contracts import marketing
from shared.contracts.orders import LineState, OrderAmounts, codes, views
from shared.contracts.orders.finding import FoundOrder
from shared.contracts.texts import AmountReason, BilingualName, BilingualText
from shared.money import Money


def order(of: Order) -> views.Order:
    """An order, as in lists."""
    return views.Order(
        order_id=of.order_id,
        number=of.number,
        checkout_id=of.checkout_id,
        payment_id=of.payment_id,
        shop_id=of.shop_id,
        buyer_id=of.buyer_id,
        state=codes.OrderState(of.state),
        reason=cancellation(of.reason),
        reason_text=of.reason_text,
        refusal=refusal(of.refusal),
        goods=of.goods,
        discount=of.discount,
        shipping=of.shipping,
        total=of.total,
        refunded=Money(of.refunded, of.total.currency),
        refund_policy=codes.RefundPolicy(of.policy),
        version=of.version,
        placed_at=of.placed_at,
        lines=tuple(map(_line, of.lines)),
        shipping_allocations=allocations(of.shipping_allocations, of.total.currency),
    )


def found(row: Mapping[Any, Any]) -> FoundOrder:
    """An order that was found by a number, from its row."""
    same = ("order_id", "number", "checkout_id", "payment_id", "shop_id", "buyer_id", "placed_at")
    return FoundOrder(
        state=codes.OrderState(row["state"]),
        total=Money(row["total"], row["currency"]),
        **{name: row[name] for name in same},
    )


def facts(of: Order) -> dict[str, Any]:
    """The fields of every event with an order's lines, as of its version."""
    return {
        "order_id": of.order_id,
        "shop_id": of.shop_id,
        "buyer_id": of.buyer_id,
        "lines": tuple(_line_state(line, of.version) for line in of.lines),
        "amounts": _amounts(of),
        "version": of.version,
    }


def _amounts(of: Order) -> OrderAmounts:
    return OrderAmounts(
        goods=of.goods,
        discount=of.discount,
        shipping=of.shipping,
        total=of.total,
        refunded=Money(of.refunded, of.total.currency),
    )


def step(of: Step) -> views.OrderStep:
    """A state that an order reached."""
    return views.OrderStep(
        state=codes.OrderState(of.state),
        actor=codes.OrderActor(of.actor),
        reason=cancellation(of.reason),
        note=of.note,
        at=of.at,
    )


def parcel(of: Parcel) -> views.Parcel:
    """A parcel with its carrier's reports."""
    return views.Parcel(
        parcel_id=of.parcel_id,
        carrier=of.carrier,
        tracking_number=of.tracking_number,
        state=codes.ParcelState(of.state),
        lines=tuple(views.ParcelLine(line_id=UUID(line_id), quantity=n) for line_id, n in of.lines.items()),
        shipped_at=of.shipped_at,
        expected_at=of.expected_at,
        delivered_at=of.delivered_at,
        number_shared=of.number_shared,
        trace=tuple(map(_event, of.trace)),
    )


def carrier(of: Carrier) -> views.Carrier:
    """A carrier, without its key."""
    return views.Carrier(name=of.name, names=BilingualName(zh=of.zh, en=of.en))


def carrier_report(of: Mapping[str, Any], parcels: Sequence[Parcel]) -> views.CarrierReport:
    """A report that matches several parcels, with those parcels."""
    return views.CarrierReport(
        report_id=of["report_id"],
        carrier=of["carrier"],
        tracking_number=of["tracking_number"],
        event=codes.ParcelState(of["event"]),
        at=of["at"],
        place=of["place"],
        text=of["text"],
        received_at=of["received_at"],
        parcels=tuple(map(_reported, parcels)),
    )


def amount_reasons(why: Sequence[Why], currency: str) -> tuple[AmountReason, ...]:
    """The reasons for an amount."""
    return tuple(
        AmountReason(code=each.code, text=BilingualText(**each.text), amount=Money(each.amount, currency))
        for each in why
    )


def allocations(of: Sequence[Allocation], currency: str) -> tuple[marketing.Allocation, ...]:
    """The parts of a line's discount, and who bears them."""
    return tuple(
        marketing.Allocation(
            source=each.source,
            source_id=each.source_id,
            terms_version=each.terms_version,
            shop=Money(each.shop, currency),
            platform=Money(each.platform, currency),
        )
        for each in of
    )


def cancellation(reason: str | None) -> codes.CancellationReason | None:
    """The reason of a cancellation, if there is one."""
    return codes.CancellationReason(reason) if reason else None


def refusal(stored: Mapping[str, Any] | None) -> views.CheckoutRefusal | None:
    """What was refused of an order or a checkout, if anything."""
    return shapes.load(views.CheckoutRefusal, stored) if stored else None


def _line(of: Line) -> views.OrderLine:
    return views.OrderLine(
        line_id=of.line_id,
        product_id=of.product_id,
        sku_id=of.sku_id,
        title=of.title,
        options=of.options,
        image=of.image,
        quantity=of.quantity,
        refundable_quantity=of.left,
        unit_price=of.unit_price,
        discount=of.discount,
        paid=of.paid,
        allocations=allocations(of.allocations, of.paid.currency),
        why=amount_reasons(of.why, of.paid.currency),
    )


def _line_state(of: Line, version: int) -> LineState:
    return LineState(
        line_id=of.line_id,
        product_id=of.product_id,
        sku_id=of.sku_id,
        category=of.category,
        quantity=of.quantity,
        unit_price=of.unit_price,
        discount=of.discount,
        paid=of.paid,
        allocations=allocations(of.allocations, of.paid.currency),
        refunded_quantity=of.refunded_quantity,
        refunded=Money(of.refunded_amount, of.paid.currency),
        version=version,
    )


def _event(of: Trace) -> views.ParcelEvent:
    return views.ParcelEvent(at=of.at, event=codes.ParcelState(of.event), place=of.place, text=of.text)


def _reported(of: Parcel) -> views.ReportedParcel:
    return views.ReportedParcel(
        parcel_id=of.parcel_id,
        order_id=of.order_id,
        shop_id=of.shop_id,
        state=codes.ParcelState(of.state),
        shipped_at=of.shipped_at,
    )
