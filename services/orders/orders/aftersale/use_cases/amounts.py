"""What the refund requests of an order would pay, kept up to date: whoever looks sees what will be paid."""

from orders.aftersale.model.appraisal import appraise
from orders.aftersale.model.refund import Refund
from orders.aftersale.model.spreading import spread
from orders.aftersale.model.states import RefundState
from orders.fulfilment.front import Order, ParcelSent
from orders.notices import reacts_to
from orders.work import Work


def of(work: Work, order: Order, refund: Refund) -> None:
    """Set what `refund` pays if it is granted now; the order is locked by the caller."""
    shipped = bool(work.parcels.of_order(order.order_id))
    appraise(order, refund, work.refunds.of_order(order.order_id), shipped=shipped)


def of_requests(work: Work, order: Order) -> None:
    """Appraise the requests that wait anew: a refund was granted or has failed, or a parcel was sent."""
    for refund in work.refunds.of_order(order.order_id):
        if refund.state is RefundState.REQUESTED:
            of(work, order, refund)
            work.refunds.save(refund)


def by_line(work: Work, order: Order, refund: Refund) -> None:
    """Set what `refund` pays of each line, its amount being decided; the order is locked by the caller."""
    refund.by_line = spread(order, refund, work.refunds.of_order(order.order_id))


@reacts_to(ParcelSent)
def on_parcel_sent(work: Work, notice: ParcelSent) -> None:
    """What an order of which something was sent keeps is not priced again: its requests pay another amount."""
    of_requests(work, notice.order)
