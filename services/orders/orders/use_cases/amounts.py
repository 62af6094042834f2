"""What the refund requests of an order would pay, kept up to date: whoever looks sees what will be paid."""

from orders.domain.appraisal import appraise
from orders.domain.order import Order
from orders.domain.refund import Refund
from orders.domain.states import RefundState
from orders.work import Work


def of(work: Work, order: Order, refund: Refund) -> None:
    """Set what `refund` pays if it is granted now; the order is locked by the caller."""
    shipped = bool(work.parcels.of_order(order.order_id))
    appraise(order, refund, work.refunds.of_order(order.order_id), shipped=shipped)


def of_requests(work: Work, order: Order) -> None:
    """Appraise the requests that wait anew: a refund was granted or has failed, or a parcel left."""
    for refund in work.refunds.of_order(order.order_id):
        if refund.state is RefundState.REQUESTED:
            of(work, order, refund)
            work.refunds.save(refund)
