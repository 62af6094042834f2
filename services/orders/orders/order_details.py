"""The details of one order: with its checkout, parcels and refunds.

It spans several modules, whose endpoints return it.
"""

from orders.aftersale import views as aftersale
from orders.checkout import views as checkouts
from orders.fulfilment import views as fulfilment
from orders.fulfilment.model.order import Order
from orders.work import Work
from shared.contracts.orders import views
from shared.contracts.payments import Method


def of(work: Work, order: Order) -> views.OrderDetails:
    """An order with its address, history, parcels and refunds."""
    placed = work.checkouts.get(order.checkout_id)
    assert placed
    parcels, refunds = work.parcels.of_order(order.order_id), work.refunds.of_order(order.order_id)
    return views.OrderDetails(
        **vars(fulfilment.order(order)),
        address=checkouts.destination(placed),
        contact=checkouts.contact(placed),
        note=placed.note,
        payment_method=Method(placed.method),
        steps=tuple(map(fulfilment.step, work.orders.steps(order.order_id))),
        parcels=tuple(map(fulfilment.parcel, parcels)),
        refunds=tuple(map(aftersale.refund, refunds)),
    )
