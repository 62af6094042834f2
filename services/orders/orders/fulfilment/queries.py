"""Lists of orders, carriers and their reports. For the details of one order see `order_details`."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from orders.fulfilment import carriers, views
from orders.fulfilment.model import numbers
from orders.fulfilment.model.numbers import ANY_TIME, Span
from orders.fulfilment.store.wanted import Wanted
from orders.work import Work
from shared.contracts.orders import views as answers
from shared.contracts.orders.finding import FoundOrder
from shared.contracts.orders.requests import ListCarrierReports, ListOrders, ListShopOrders
from shared.contracts.pages import Page, page

MOST_FOUND = 50  # a checkout has at most as many orders


def orders_of_buyer(work: Work, buyer_id: UUID, requested: ListOrders) -> Page[answers.Order]:
    """The buyer's orders, newest first."""
    return _orders(work, Wanted(states=requested.state), requested, buyer_id=buyer_id)


def orders_of_shop(work: Work, requested: ListShopOrders) -> Page[answers.Order]:
    """The shop's orders, newest first."""
    placed = numbers.placed(requested.number) if requested.number else ANY_TIME
    if placed is None:
        return Page(items=(), next=None)
    within = placed.within(Span(requested.placed_from, requested.placed_before))
    wanted = Wanted(states=requested.state, placed=within, number=requested.number or "")
    return _orders(work, wanted, requested, shop_id=requested.shop_id)


def find_orders(work: Work, number: str) -> Page[FoundOrder]:
    """The orders with this number, id or checkout."""
    found = work.orders.find(number, _identity(number), MOST_FOUND)
    return Page(items=tuple(map(views.found, found)), next=None)


def list_carriers() -> Page[answers.Carrier]:
    """The carriers, without their keys."""
    return Page(items=tuple(map(views.carrier, carriers.known().values())), next=None)


def carrier_reports(work: Work, requested: ListCarrierReports) -> Page[answers.CarrierReport]:
    """Open reports that match several parcels, with those parcels."""
    found = work.carrier_reports.page(after=requested.cursor, limit=requested.limit + 1)
    return page(found, lambda each: _report(work, each), lambda each: each["report_id"], requested.limit)


def _orders(
    work: Work, wanted: Wanted, requested: ListOrders | ListShopOrders, **owner: UUID
) -> Page[answers.Order]:
    found = work.orders.page(wanted, after=requested.cursor, limit=requested.limit + 1, **owner)
    return page(found, views.order, lambda each: each.order_id, requested.limit)


def _report(work: Work, report: Mapping[str, Any]) -> answers.CarrierReport:
    return views.carrier_report(report, work.parcels.find(report["carrier"], report["tracking_number"]))


def _identity(number: str) -> UUID | None:
    try:
        return UUID(number)
    except ValueError:
        return None
