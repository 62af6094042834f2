"""Orders as operators find them: by the number that a shopper names, with the sagas that carry it out."""

from dataclasses import fields

from orders.fulfilment import queries
from orders.fulfilment import views as fulfilment
from orders.fulfilment.model.order import Order, OrderNotFound
from orders.work import Work
from shared.auth import Caller
from shared.contracts.orders import requests
from shared.contracts.orders import views as v
from shared.contracts.sagas.views import SagaView
from shared.entrypoints import answers
from shared.sagas.engine import Engine

SHOWN = [field.name for field in fields(v.OrderSagas) if field.name != "sagas"]


class OrderFinding:
    """Find an order without showing its buyer."""

    sagas: Engine

    @answers(requests.FindOrder)
    def find_order(self, work: Work, _caller: Caller, request: requests.FindOrder) -> v.OrderSagas:
        order = _found(work, request.number)
        refunds = work.refunds.of_order(order.order_id)
        keys = [order.checkout_id, order.order_id, *(refund.refund_id for refund in refunds)]
        return _view(order, self.sagas.of_keys(work, [str(key) for key in keys]))


def _found(work: Work, number: str) -> Order:
    """The order with this number or id, or the first of a checkout."""
    found = queries.find_orders(work, number).items
    order = work.orders.get(found[0].order_id) if found else None
    if order is None:
        raise OrderNotFound
    return order


def _view(order: Order, sagas: tuple[SagaView, ...]) -> v.OrderSagas:
    shown = vars(fulfilment.order(order))
    return v.OrderSagas(**{name: shown[name] for name in SHOWN}, sagas=sagas)
