"""RPC methods of products, and handlers of shop events."""

from dataclasses import replace
from typing import TypeVar

from eventlet import tpool

from catalog.products import queries
from catalog.products.use_cases import products, shops
from catalog.products.use_cases.descriptions import Cleaning
from catalog.work import Work
from shared.auth import Caller
from shared.contracts.catalog import views
from shared.contracts.catalog.requests import (
    ChangeProduct,
    CreateProduct,
    GetShopProduct,
    ListStockJournal,
    PublishProduct,
    WithdrawProduct,
)
from shared.contracts.pages import Page
from shared.contracts.users import ShopApproved, ShopChanged, ShopSuspended
from shared.db import OpenWork
from shared.entrypoints import answers, every, handles

Described = TypeVar("Described", CreateProduct, ChangeProduct)


def with_clean_description(service: "Products", request: Described) -> Described:
    """The request with its description cleaned, in a low-priority thread."""
    if not request.description:
        return request
    return replace(request, description=service.cleaned(request.description))


class Products:
    """A shop's products, which are withdrawn when the shop is suspended and restored when it is approved."""

    work: OpenWork[Work]
    cleaned = Cleaning(run=tpool.execute)

    @answers(GetShopProduct)
    def get_shop_product(self, work: Work, caller: Caller, request: GetShopProduct) -> views.ShopProduct:
        return queries.get_shop_product(work, caller, request)

    @answers(ListStockJournal)
    def list_stock_journal(
        self, work: Work, caller: Caller, request: ListStockJournal
    ) -> Page[views.ProductStockEntry]:
        return queries.list_stock_journal(work, caller, request)

    @answers(CreateProduct, before=with_clean_description)
    def create_product(
        self, work: Work, caller: Caller, _request: CreateProduct, cleaned: CreateProduct
    ) -> views.ShopProduct:
        return products.create_product(work, caller, cleaned)

    @answers(ChangeProduct, before=with_clean_description)
    def change_product(
        self, work: Work, caller: Caller, _request: ChangeProduct, cleaned: ChangeProduct
    ) -> views.ShopProduct:
        return products.change_product(work, caller, cleaned)

    @answers(PublishProduct)
    def publish_product(self, work: Work, caller: Caller, request: PublishProduct) -> views.ShopProduct:
        return products.publish_product(work, caller, request)

    @answers(WithdrawProduct)
    def withdraw_product(self, work: Work, caller: Caller, request: WithdrawProduct) -> views.ShopProduct:
        return products.withdraw_product(work, caller, request)

    @handles(ShopApproved)
    def on_shop_approved(self, work: Work, event: ShopApproved) -> None:
        shops.approve(work, event)

    @handles(ShopChanged)
    def on_shop_changed(self, work: Work, event: ShopChanged) -> None:
        shops.rename(work, event)

    @handles(ShopSuspended)
    def on_shop_suspended(self, work: Work, event: ShopSuspended) -> None:
        shops.suspend(work, event)

    @every(seconds=1)
    def settle_shops(self) -> None:
        shops.settle(self.work)
