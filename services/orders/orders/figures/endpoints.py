"""Requests for figures about orders."""

from orders.figures import queries
from orders.work import Work
from shared.auth import Caller
from shared.contracts.orders import figures
from shared.entrypoints import answers


class Figures:
    """Count what a shopper has open and what waits for a shop, and add up a shop's sales."""

    @answers(figures.GetOrderCounts)
    def get_order_counts(
        self, work: Work, caller: Caller, _request: figures.GetOrderCounts
    ) -> figures.OrderCounts:
        return figures.OrderCounts(**work.figures.open_of(caller.account))

    @answers(figures.GetShopOrderCounts)
    def get_shop_order_counts(
        self, work: Work, caller: Caller, request: figures.GetShopOrderCounts
    ) -> figures.ShopOrderCounts:
        caller.require_shop(request.shop_id)
        return queries.waiting_for(work, request.shop_id)

    @answers(figures.GetShopSales)
    def get_shop_sales(self, work: Work, caller: Caller, request: figures.GetShopSales) -> figures.ShopSales:
        caller.require_shop(request.shop_id)
        return queries.sales_of(work, request)
