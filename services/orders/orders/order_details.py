"""One order as its page shows it: of the order, its checkout, its parcels and its refunds.

It belongs to no module, since it shows something of each; their endpoints answer with it.
"""

from orders.aftersale import views as aftersale
from orders.checkout import views as checkouts
from orders.fulfilment import views as fulfilment
from orders.fulfilment.model.order import Order
from orders.work import Work
from shared.contracts.orders import views
from shared.contracts.payments import Method


def of(work: Work, order: Order) -> views.OrderDetails:
    """An order with its address, time line, parcels and refunds."""
    paid_by = work.checkouts.get(order.checkout_id)
    assert paid_by
    parcels, refunds = work.parcels.of_order(order.order_id), work.refunds.of_order(order.order_id)
    return views.OrderDetails(
        **vars(fulfilment.order(order)),
        address=checkouts.destination(paid_by),
        contact=checkouts.contact(paid_by),
        note=paid_by.note,
        payment_method=Method(paid_by.method),
        steps=tuple(map(fulfilment.step, work.orders.steps(order.order_id))),
        parcels=tuple(map(fulfilment.parcel, parcels)),
        refunds=tuple(map(aftersale.refund, refunds)),
    )
