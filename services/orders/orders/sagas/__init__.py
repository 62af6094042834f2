"""The sagas of orders, one file each, with a list of steps. A use case starts one by its name."""

from orders.sagas import cancel_order, checkout, refund

SAGAS = (checkout.saga, cancel_order.saga, refund.saga)
