"""Keeps the amounts of an order's open refund requests up to date, so that the amount shown is the amount paid."""

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
    """All that the amounts of an order's refunds depend on; the caller holds the order's lock."""

    order: Order
    refunds: list[Refund]
    shipped: bool

    def appraise(self, refund: Refund) -> None:
        """Set the amount that `refund` pays if it is granted now."""
        appraise(self.order, refund, self.refunds, shipped=self.shipped)

    def spread(self, refund: Refund) -> None:
        """Split the decided amount of `refund` by line."""
        refund.by_line = spread(self.order, refund, self.refunds)


def read(work: Work, order: Order, refund: Refund | None = None) -> Situation:
    """The order's refunds as stored, except that `refund` is used as given."""
    stored = work.refunds.of_order(order.order_id)
    refunds = [each for each in stored if refund is None or each.refund_id != refund.refund_id]
    shipped = bool(work.parcels.of_order(order.order_id))
    return Situation(order=order, refunds=[*refunds, refund] if refund else refunds, shipped=shipped)


def of_requests(work: Work, situation: Situation) -> None:
    """Appraise the open requests again, after a refund was granted or has failed, or a parcel was shipped."""
    for refund in situation.refunds:
        if refund.state is RefundState.REQUESTED:
            situation.appraise(refund)
            work.refunds.save(refund)


@reacts_to(ParcelSent)
def on_parcel_sent(work: Work, notice: ParcelSent) -> None:
    """Units of a shipped order are not repriced, so the amounts of its open requests change."""
    of_requests(work, read(work, notice.order))
