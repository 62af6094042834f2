"""The business processes of orders, one file each: a list of steps. A use case starts one by its name."""

from orders.sagas import cancel_order, checkout, refund

SAGAS = (checkout.saga, cancel_order.saga, refund.saga)
