"""Access to refunds: a shop's merchants decide on the refunds of its orders."""

from uuid import UUID

from orders.aftersale.model.refund import Refund, RefundNotFound
from orders.fulfilment.front import Order, shop_order
from orders.work import Work
from shared import operator_actions
from shared.auth import Caller


def shop_refund(work: Work, caller: Caller, refund_id: UUID) -> tuple[Order, Refund]:
    """A refund of the caller's shop with its order, which is locked. Raises RefundNotFound, Forbidden."""
    found = work.refunds.get(refund_id)
    if found is None:
        raise RefundNotFound
    order = shop_order(work, caller, found.order_id)
    refund = work.refunds.get(refund_id)  # read again under the lock
    assert refund
    operator_actions.watch(lambda: {"refund": refund.state})
    return order, refund
