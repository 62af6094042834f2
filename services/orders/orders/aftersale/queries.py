"""Refunds of orders and shops, and the shops' refund policies."""

from uuid import UUID

from orders.aftersale import views
from orders.fulfilment.front import Order
from orders.work import Work
from shared.contracts.orders import views as answers
from shared.contracts.orders.requests import ListOwnRefunds, ListShopRefunds
from shared.contracts.pages import Page, page


def refunds_of_shop(work: Work, requested: ListShopRefunds) -> Page[answers.Refund]:
    """The shop's refunds, newest first."""
    return _refunds(work, requested, shop_id=requested.shop_id)


def refunds_of_buyer(work: Work, buyer_id: UUID, requested: ListOwnRefunds) -> Page[answers.Refund]:
    """The buyer's refunds, newest first."""
    return _refunds(work, requested, buyer_id=buyer_id)


def refunds_of_order(work: Work, found: Order) -> Page[answers.Refund]:
    """All refunds of an order, oldest first."""
    return Page(items=tuple(map(views.refund, work.refunds.of_order(found.order_id))), next=None)


def refund_policy(work: Work, shop_id: UUID) -> answers.ShopRefundPolicy:
    """The refund policy of a shop's future orders, with its text in both languages."""
    return views.refund_policy(shop_id, work.policies.of([shop_id])[shop_id])


def _refunds(work: Work, requested: ListShopRefunds | ListOwnRefunds, **owner: UUID) -> Page[answers.Refund]:
    found = work.refunds.page(after=requested.cursor, limit=requested.limit + 1, states=requested.state, **owner)
    return page(found, views.refund, lambda each: each.refund_id, requested.limit)
