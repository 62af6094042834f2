"""What orders answers: documents of carts, checkouts, orders and refunds, as JSON."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from orders.carriers import Carrier
from orders.domain import reasons
from orders.domain.cart import UnknownCart
from orders.domain.checkout import Checkout
from orders.domain.order import Line, Order
from orders.domain.parcel import Parcel
from orders.domain.refund import Refund
from orders.schemas import Page, ShopPage
from orders.work import Work
from shared import shapes
from shared.auth import Caller
from shared.errors import NotFound
from shared.money import Money

Document = dict[str, Any]


class UnknownCheckout(NotFound):
    """There is no such checkout."""

    code = "unknown_checkout"


def cart(work: Work, cart_id: UUID | None) -> Document:
    """A cart's lines; an empty cart when there is none.

    The version is read first, since nothing is locked: lines newer than it make a quote that is refused, while a
    version newer than the lines would let them be ordered although they have left the cart.
    """
    version = work.carts.version(cart_id) if cart_id else 0
    lines = work.carts.lines(cart_id) if cart_id else {}
    return {
        "cart_id": cart_id and str(cart_id),
        "version": version,
        "lines": [{"sku_id": str(sku_id), "quantity": quantity} for sku_id, quantity in lines.items()],
    }


def merged_cart(work: Work, owner_id: UUID, rest: Mapping[UUID, int]) -> Document:
    """The shopper's cart after a merge, and the guest's lines that found no room in it."""
    unmerged = [{"sku_id": str(sku_id), "quantity": n, "reason": "cart_full"} for sku_id, n in rest.items()]
    return {**cart(work, work.carts.find(owner_id)), "not_merged": unmerged}


def guest_cart(work: Work, cart_id: UUID) -> Document:
    """A guest's cart; whoever knows its id may see it. Raises UnknownCart."""
    if not work.carts.is_guests(cart_id):
        raise UnknownCart
    return cart(work, cart_id)


def placed(work: Work, place: Callable[[], UUID], caller: Caller) -> Document:
    """The checkout that `place` makes."""
    return checkout(work, place(), caller.account)


def checkout(work: Work, checkout_id: UUID, buyer_id: UUID | None) -> Document:
    """A buyer's checkout with its orders. Raises UnknownCheckout, also for somebody else's."""
    found = work.checkouts.get(checkout_id)
    if found is None or buyer_id != found.buyer_id:
        raise UnknownCheckout
    return checkout_document(found, work.orders.of_checkout(checkout_id))


def order(work: Work, found: Order) -> Document:
    """An order with its address, time line, parcels and refunds."""
    checkout = work.checkouts.get(found.checkout_id)
    assert checkout
    return order_document(found) | {
        "address": checkout.address,
        "contact": checkout.contact,
        "note": checkout.note,
        "payment_method": checkout.method,
        "steps": [step | {"at": moment(step["at"])} for step in work.orders.steps(found.order_id)],
        "parcels": [parcel_document(p) for p in work.parcels.of_order(found.order_id)],
        "refunds": [refund_document(r) for r in work.refunds.of_order(found.order_id)],
    }


def orders_of_buyer(work: Work, buyer_id: UUID, page: Page) -> Document:
    found = work.orders.page(after=page.cursor, limit=page.limit + 1, state=page.state, buyer_id=buyer_id)
    return listing([order_document(o) for o in found], page.limit, "order_id")


def orders_of_shop(work: Work, page: ShopPage) -> Document:
    found = work.orders.page(after=page.cursor, limit=page.limit + 1, state=page.state, shop_id=page.shop_id)
    return listing([order_document(o) for o in found], page.limit, "order_id")


def refunds_of_shop(work: Work, page: ShopPage) -> Document:
    found = work.refunds.page(page.shop_id, after=page.cursor, limit=page.limit + 1)
    return listing([refund_document(r) for r in found], page.limit, "refund_id")


def refunds_of_order(work: Work, found: Order) -> Document:
    return {"items": [refund_document(r) for r in work.refunds.of_order(found.order_id)], "next": None}


def refund_policy(work: Work, shop_id: UUID) -> Document:
    """What refunds of a shop's next orders pay, with its text in both languages."""
    policy = work.policies.of([shop_id])[shop_id]
    return {"shop_id": str(shop_id), "policy": policy, "text": reasons.POLICIES[policy]}


def listing(items: list[Document], limit: int, key: str) -> Document:
    """A page of `limit` items out of one more than that; `next` is the cursor of the page behind it."""
    return {"items": items[:limit], "next": items[limit - 1][key] if len(items) > limit else None}


def checkout_document(of: Checkout, orders: list[Order]) -> Document:
    return {
        "checkout_id": str(of.checkout_id),
        "quote_id": str(of.quote_id),
        "payment_id": str(of.payment_id),
        "state": of.state,
        "reason": of.reason,
        "refusal": of.refusal,
        "payment_method": of.method,
        "total": money(Money(of.total, of.currency)),
        "address": of.address,
        "contact": of.contact,
        "note": of.note,
        "expires_at": moment(of.expires_at),
        "created_at": moment(of.created_at),
        "orders": [order_document(o) for o in orders],
    }


def order_document(of: Order) -> Document:
    return {
        "order_id": str(of.order_id),
        "number": of.number,
        "checkout_id": str(of.checkout_id),
        "payment_id": str(of.payment_id),
        "shop_id": str(of.shop_id),
        "buyer_id": str(of.buyer_id),
        "state": of.state,
        "reason": of.reason,
        "refusal": of.refusal,
        **{name: money(getattr(of, name)) for name in ("goods", "discount", "shipping", "total")},
        "refunded": money(Money(of.refunded, of.total.currency)),
        "refund_policy": of.policy,
        "version": of.version,
        "placed_at": moment(of.placed_at),
        "lines": [_line_document(line) for line in of.lines],
    }


def _line_document(line: Line) -> Document:
    return {
        "line_id": str(line.line_id),
        "product_id": str(line.product_id),
        "sku_id": str(line.sku_id),
        "title": line.title,
        "options": line.options,
        "image": line.image,
        "quantity": line.quantity,
        "refundable_quantity": line.left,
        **{name: money(getattr(line, name)) for name in ("unit_price", "discount", "paid")},
        "why": line.why,
    }


def parcel_document(of: Parcel) -> Document:
    return {
        "parcel_id": str(of.parcel_id),
        "carrier": of.carrier,
        "tracking_number": of.tracking_number,
        "state": of.state,
        "lines": [{"line_id": line_id, "quantity": n} for line_id, n in of.lines.items()],
        "shipped_at": moment(of.shipped_at),
        "expected_at": moment(of.expected_at),
        "delivered_at": moment(of.delivered_at),
        "number_shared": of.number_shared,
        "trace": [{"at": moment(t.at), "event": t.event, "place": t.place, "text": t.text} for t in of.trace],
    }


def carriers(known: Mapping[str, Carrier]) -> Document:
    """Who brings parcels, without their keys."""
    return {"items": [{"name": c.name, "names": {"zh": c.zh, "en": c.en}} for c in known.values()], "next": None}


def carrier_reports(work: Work, after: UUID | None, limit: int) -> Document:
    """Reports that fit several parcels, with those parcels."""
    found = work.carrier_reports.page(after=after, limit=limit + 1)
    return listing([_report_document(work, report) for report in found], limit, "report_id")


def _report_document(work: Work, of: Document) -> Document:
    parcels = work.parcels.find(of["carrier"], of["tracking_number"])
    known = {name: of[name] for name in ("carrier", "tracking_number", "event", "place", "text")}
    return known | {
        "report_id": str(of["report_id"]),
        "at": moment(of["at"]),
        "received_at": moment(of["received_at"]),
        "parcels": [_fitting(p) for p in parcels],
    }


def _fitting(of: Parcel) -> Document:
    ids = {"parcel_id": str(of.parcel_id), "order_id": str(of.order_id), "shop_id": str(of.shop_id)}
    return {**ids, "state": of.state, "shipped_at": moment(of.shipped_at)}


def refund_preview(of: Refund) -> Document:
    """What a refund pays and why, whether it is asked for or not."""
    return {
        "order_id": str(of.order_id),
        "kind": of.kind,
        "lines": [
            {"line_id": str(li.line_id), "quantity": li.quantity, "amount": money(li.amount)} for li in of.lines
        ],
        "shipping": money(of.shipping),
        "difference": money(of.difference),
        "amount": money(of.amount),
        "why": [shapes.dump(why) for why in of.why],
    }


def refund_document(of: Refund) -> Document:
    return refund_preview(of) | {
        "refund_id": str(of.refund_id),
        "state": of.state,
        "reason": of.reason,
        "failure": of.failure,
        "asked_at": moment(of.asked_at),
        "decided_at": moment(of.decided_at),
    }


def money(of: Money) -> Document:
    return {"amount": of.amount, "currency": of.currency}


def moment(of: datetime | None) -> str | None:
    return of.isoformat() if of else None
