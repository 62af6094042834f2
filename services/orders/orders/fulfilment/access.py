"""Access to orders. Another buyer's order is not found (404); another shop's is forbidden (403)."""

from typing import TYPE_CHECKING
from uuid import UUID

from orders.fulfilment.model.order import Order, OrderNotFound
from orders.fulfilment.model.states import Actor
from shared import operator_actions
from shared.auth import Caller

if TYPE_CHECKING:  # a circular import, as in the use cases
    from orders.work import Work


def own_order(work: "Work", caller: Caller, order_id: UUID, *, lock: bool = True) -> Order:
    """The caller's own order, locked unless it is only read. Raises OrderNotFound."""
    order = work.orders.lock(order_id) if lock else work.orders.get(order_id)
    if order is None or order.buyer_id != caller.user_id:
        raise OrderNotFound
    return order


def shop_order(work: "Work", caller: Caller, order_id: UUID, *, lock: bool = True) -> Order:
    """An order of the caller's shop, locked unless it is only read. Raises OrderNotFound, Forbidden."""
    order = work.orders.lock(order_id) if lock else work.orders.get(order_id)
    if order is None:
        raise OrderNotFound
    caller.require_shop(order.shop_id)
    if lock:
        operator_actions.watch(lambda: {"state": order.state, "version": order.version})
    return order


def actor(caller: Caller, order: Order) -> Actor:
    """Who changes a shop's order: its merchant, or an operator."""
    return Actor(caller.acts_for(order.shop_id))
