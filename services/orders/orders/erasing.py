"""Erasure of a user in orders: addresses and typed texts. Orders are kept as records of trade.

It spans all modules of orders.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orders.aftersale.tables import refund
from orders.carts.tables import cart, cart_line
from orders.checkout.tables import checkout
from orders.fulfilment.tables import order, order_step, parcel, parcel_trace
from orders.work import Work
from shared.contracts.orders import (
    BuyerErased,
    EraseBuyer,
    ErasureRefusal,
    ErasureRefused,
    OpenMatter,
    OpenMatterKind,
)
from shared.entrypoints import handles
from shared.personal.audited import ErasesPersons
from shared.personal.erasing import Eraser, Holding
from shared.round_trips import later

MOST_LISTED = 50
ENDED = ("completed", "cancelled")


def empty_cart(work: Work, user_id: UUID) -> None:
    """Remove the lines of a user's cart. The cart is kept, since a concurrent checkout may wait for its lock."""
    its_cart = sa.select(cart.c.cart_id).where(cart.c.owner_id == user_id).scalar_subquery()
    later(work.connection, sa.delete(cart_line).where(cart_line.c.cart_id == its_cart))


ERASER = Eraser(
    Holding(table=checkout, of=lambda user_id: checkout.c.buyer_id == user_id),
    Holding(table=order, of=lambda user_id: order.c.buyer_id == user_id),
    Holding(table=refund, of=lambda user_id: refund.c.order_id.in_(_orders_of(user_id))),
    Holding(table=order_step, of=lambda user_id: order_step.c.order_id.in_(_orders_of(user_id))),
    Holding(
        table=parcel_trace,
        of=lambda user_id: parcel_trace.c.parcel_id.in_(
            sa.select(parcel.c.parcel_id).where(parcel.c.order_id.in_(_orders_of(user_id)))
        ),
    ),
    also=empty_cart,
)


def erase(work: Work, user_id: UUID) -> BuyerErased | ErasureRefused:
    """Erase a user unless something is open. The cart is locked, so that no order is placed at the same time."""
    work.carts.of_owner(user_id)
    if matters := open_matters(work, user_id):
        return ErasureRefused(user_id=user_id, reason=ErasureRefusal.MATTERS_OPEN, open=matters)
    work.orders.lock_all_of(user_id)  # a concurrent carrier report is either erased, or stored without its text
    return BuyerErased(user_id=user_id, rows=ERASER.erase(work, user_id))


def open_matters(work: Work, user_id: UUID) -> tuple[OpenMatter, ...]:
    """A user's open checkouts, orders and refunds, at most MOST_LISTED."""
    its_checkouts = (checkout.c.buyer_id == user_id, checkout.c.state == "placed")
    its_orders = (order.c.buyer_id == user_id, order.c.state.not_in(ENDED))
    its_refunds = (refund.c.order_id.in_(_orders_of(user_id)), refund.c.state.in_(("requested", "running")))
    return (
        *_matters(work, OpenMatterKind.CHECKOUT, checkout.c.checkout_id, *its_checkouts),
        *_matters(work, OpenMatterKind.ORDER, order.c.order_id, *its_orders),
        *_matters(work, OpenMatterKind.REFUND, refund.c.refund_id, *its_refunds),
    )[:MOST_LISTED]


def _matters(
    work: Work, kind: OpenMatterKind, key: sa.Column[Any], *which: sa.ColumnElement[bool]
) -> list[OpenMatter]:
    found = work.connection.execute(sa.select(key).where(*which).order_by(key).limit(MOST_LISTED)).scalars()
    return [OpenMatter(kind=kind, id=each) for each in found]


def _orders_of(user_id: UUID) -> sa.Select[tuple[UUID]]:
    return sa.select(order.c.order_id).where(order.c.buyer_id == user_id)


class Erasing(ErasesPersons):
    """Erases users on the command of the users service."""

    eraser = ERASER

    @handles(EraseBuyer)
    def erase_buyer(self, work: Work, command: EraseBuyer) -> None:
        work.reply(erase(work, command.user_id))
