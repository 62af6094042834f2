"""Whose order it is. Somebody else's is not there for a shopper (404), and forbidden to a merchant (403)."""

from uuid import UUID

from orders.domain.order import Order
from orders.domain.refund import Refund
from orders.use_cases.refunds import UnknownRefund
from orders.work import Work
from shared import acts
from shared.auth import Caller
from shared.errors import NotFound


class UnknownOrder(NotFound):
    """There is no such order."""

    code = "unknown_order"


def own_order(work: Work, caller: Caller, order_id: UUID, *, lock: bool = True) -> Order:
    """The caller's own order, locked unless it is only read. Raises UnknownOrder."""
    order = work.orders.lock(order_id) if lock else work.orders.get(order_id)
    if order is None or order.buyer_id != caller.user_id:
        raise UnknownOrder
    return order


def shop_order(work: Work, caller: Caller, order_id: UUID, *, lock: bool = True) -> Order:
    """An order of the caller's shop, locked unless it is only read. Raises UnknownOrder, Forbidden."""
    order = work.orders.lock(order_id) if lock else work.orders.get(order_id)
    if order is None:
        raise UnknownOrder
    caller.require_shop(order.shop_id)
    if lock:
        acts.watch(lambda: {"state": order.state, "version": order.version})
    return order


def shop_refund(work: Work, caller: Caller, refund_id: UUID) -> tuple[Order, Refund]:
    """A refund of the caller's shop with its order, which is locked. Raises UnknownRefund, Forbidden."""
    found = work.refunds.get(refund_id)
    if found is None:
        raise UnknownRefund
    order = shop_order(work, caller, found.order_id)
    refund = work.refunds.get(refund_id)  # as it stands under the lock
    assert refund
    acts.watch(lambda: {"refund": refund.state})
    return order, refund
