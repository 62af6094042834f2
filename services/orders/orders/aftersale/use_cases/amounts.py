"""What the refund requests of an order would pay, kept up to date: whoever looks sees what will be paid."""

from dataclasses import dataclass

from orders.aftersale.model.appraisal import appraise
from orders.aftersale.model.refund import Refund
from orders.aftersale.model.spreading import spread
from orders.aftersale.model.states import RefundState
from orders.fulfilment.front import Order, ParcelSent
from orders.notices import reacts_to
from orders.work import Work


@dataclass(frozen=True, kw_only=True)
class Situation:
    """All that the amounts of an order's refunds depend on; the order is locked by whoever reads it."""

    order: Order
    refunds: list[Refund]
    shipped: bool

    def appraise(self, refund: Refund) -> None:
        """Set what `refund` pays if it is granted now."""
        appraise(self.order, refund, self.refunds, shipped=self.shipped)

    def spread(self, refund: Refund) -> None:
        """Set what `refund` pays of each line, its amount being decided."""
        refund.by_line = spread(self.order, refund, self.refunds)


def read(work: Work, order: Order, refund: Refund | None = None) -> Situation:
    """How the order's refunds stand, with `refund` as it is in the caller's hands."""
    stored = work.refunds.of_order(order.order_id)
    refunds = [each for each in stored if refund is None or each.refund_id != refund.refund_id]
    shipped = bool(work.parcels.of_order(order.order_id))
    return Situation(order=order, refunds=[*refunds, refund] if refund else refunds, shipped=shipped)


def of_requests(work: Work, situation: Situation) -> None:
    """Appraise the requests that wait anew: a refund was granted or has failed, or a parcel was sent."""
    for refund in situation.refunds:
        if refund.state is RefundState.REQUESTED:
            situation.appraise(refund)
            work.refunds.save(refund)


@reacts_to(ParcelSent)
def on_parcel_sent(work: Work, notice: ParcelSent) -> None:
    """What an order of which something was sent keeps is not priced again: its requests pay another amount."""
    of_requests(work, read(work, notice.order))
