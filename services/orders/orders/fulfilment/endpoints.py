"""Requests of buyers, shops, carriers and operators about orders and parcels."""

from orders import order_details
from orders.fulfilment import access, carriers, metrics, queries, use_cases
from orders.work import Work
from shared.auth import Caller
from shared.contracts.orders import requests
from shared.contracts.orders import views as v
from shared.contracts.orders.finding import FindOrders, FoundOrder
from shared.contracts.pages import Page
from shared.db import OpenWork
from shared.entrypoints import answers, every


def _read_report(_service: object, request: requests.RecordCarrierEvent) -> carriers.Reported:
    return carriers.read(request)


class Fulfilment:
    """Accept, ship and receive orders, and record the signed reports of carriers."""

    work: OpenWork[Work]

    @answers(requests.ListOrders)
    def list_orders(self, work: Work, caller: Caller, request: requests.ListOrders) -> Page[v.Order]:
        return queries.orders_of_buyer(work, caller.account, request)

    @answers(requests.GetOrder)
    def get_order(self, work: Work, caller: Caller, request: requests.GetOrder) -> v.OrderDetails:
        return order_details.of(work, access.own_order(work, caller, request.order_id, lock=False))

    @answers(requests.ReceiveOrder)
    def receive_order(self, work: Work, caller: Caller, request: requests.ReceiveOrder) -> v.OrderDetails:
        order = access.own_order(work, caller, request.order_id)
        use_cases.receive(work, order)
        return order_details.of(work, order)

    @answers(requests.ListShopOrders)
    def list_shop_orders(self, work: Work, caller: Caller, request: requests.ListShopOrders) -> Page[v.Order]:
        caller.require_shop(request.shop_id)
        return queries.orders_of_shop(work, request)

    @answers(requests.GetShopOrder)
    def get_shop_order(self, work: Work, caller: Caller, request: requests.GetShopOrder) -> v.OrderDetails:
        return order_details.of(work, access.shop_order(work, caller, request.order_id, lock=False))

    @answers(requests.AcceptOrder)
    def accept_order(self, work: Work, caller: Caller, request: requests.AcceptOrder) -> v.OrderDetails:
        order = access.shop_order(work, caller, request.order_id)
        use_cases.accept(work, order, access.actor(caller, order))
        return order_details.of(work, order)

    @answers(requests.ShipOrder)
    def ship_order(self, work: Work, caller: Caller, request: requests.ShipOrder) -> v.OrderDetails:
        carriers.check_known(request.carrier)
        order = access.shop_order(work, caller, request.order_id)
        use_cases.ship(work, order, request, access.actor(caller, order))
        return order_details.of(work, order)

    @answers(FindOrders)
    def find_orders(self, work: Work, _caller: Caller, request: FindOrders) -> Page[FoundOrder]:
        return queries.find_orders(work, request.q)

    @answers(requests.ListCarriers, in_work=False)
    def list_carriers(self, _caller: Caller, _request: requests.ListCarriers) -> Page[v.Carrier]:
        return queries.list_carriers()

    @answers(requests.RecordCarrierEvent, before=_read_report)
    def record_carrier_event(
        self, work: Work, _caller: Caller, request: requests.RecordCarrierEvent, report: carriers.Reported
    ) -> None:
        use_cases.record_report(work, request.carrier, *report)

    @answers(requests.ListCarrierReports)
    def list_carrier_reports(
        self, work: Work, _caller: Caller, request: requests.ListCarrierReports
    ) -> Page[v.CarrierReport]:
        return queries.carrier_reports(work, request)

    @answers(requests.DecideCarrierReport)
    def decide_carrier_report(self, work: Work, caller: Caller, request: requests.DecideCarrierReport) -> None:
        use_cases.decide_report(work, str(caller.account), request)

    @every(seconds=60)
    def measure_carrier_reports(self) -> None:
        with self.work() as work:
            metrics.carrier_reports_open.set(work.carrier_reports.count_open())
