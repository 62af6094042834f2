"""The shell of catalog: what it is asked, what it obeys, what it hears."""

from dataclasses import replace
from typing import Any, TypeVar

from eventlet import tpool

from catalog import queries, schemas
from catalog.auditing import AuditDoors
from catalog.descriptions import Cleaning
from catalog.documents import Document
from catalog.retention import RULES
from catalog.use_cases import imports, products, shops, stock
from catalog.use_cases.stock import Deliveries
from catalog.work import Work
from shared import shapes
from shared.audited import Audited
from shared.auth import Caller
from shared.contracts.catalog import CommitStock, ReleaseStock, ReserveStock, Restock
from shared.contracts.users import ShopApproved, ShopSuspended
from shared.db import Database
from shared.entrypoints import every, handles, rpc
from shared.operated import Operated
from shared.permissions import Role
from shared.retained import Retention

SELLERS = (Role.MERCHANT, Role.OPERATOR)
Request = dict[str, Any]
Described = TypeVar("Described", schemas.CreateProduct, schemas.ChangeProduct)


class CatalogService(AuditDoors, Operated, Audited):
    """What may be asked of goods and stock, and whom catalog obeys."""

    name = "catalog"

    work = Database(Work)
    retention = Retention(RULES)
    cleaned = Cleaning(run=tpool.execute)

    @rpc(allow=Role.ANYONE)
    def list_products(self, _caller: Caller, request: Request) -> Document:
        with self.work() as work:
            return queries.list_products(work, shapes.load(schemas.ListProducts, request))

    @rpc(allow=Role.ANYONE)
    def get_product(self, _caller: Caller, request: Request) -> Document:
        with self.work() as work:
            return queries.get_product(work, shapes.load(schemas.OfProduct, request))

    @rpc(allow=Role.ANYONE)
    def skus(self, _caller: Caller, request: Request) -> Document:
        with self.work() as work:
            return queries.skus(work, shapes.load(schemas.Skus, request))

    @rpc(allow=Role.ANYONE)
    def list_categories(self, _caller: Caller, request: Request) -> Document:
        with self.work() as work:
            return queries.list_categories(work, shapes.load(schemas.ListCategories, request))

    @rpc(allow=SELLERS, noted="product.list", reads=True)
    def shop_products(self, caller: Caller, request: Request) -> Document:
        with self.work() as work:
            return queries.shop_products(work, caller, shapes.load(schemas.ShopProducts, request))

    @rpc(allow=SELLERS, noted="product.read", reads=True)
    def merchant_product(self, caller: Caller, request: Request) -> Document:
        with self.work() as work:
            return queries.merchant_product(work, caller, shapes.load(schemas.OfProduct, request))

    @rpc(allow=SELLERS, noted="product.create")
    def create_product(self, caller: Caller, request: Request) -> Document:
        wish = self._cleaned(shapes.load(schemas.CreateProduct, request))
        with self.work() as work:
            return work.once(
                caller,
                "create_product",
                wish.idempotency_key,
                request,
                lambda: products.create(work, caller, wish),
            )

    @rpc(allow=SELLERS, noted="product.change")
    def change_product(self, caller: Caller, request: Request) -> Document:
        wish = self._cleaned(shapes.load(schemas.ChangeProduct, request))
        with self.work() as work:
            return products.change(work, caller, wish)

    @rpc(allow=SELLERS, noted="product.publish")
    def publish_product(self, caller: Caller, request: Request) -> Document:
        with self.work() as work:
            return products.publish(work, caller, shapes.load(schemas.OfProduct, request))

    @rpc(allow=SELLERS, noted="product.withdraw")
    def withdraw_product(self, caller: Caller, request: Request) -> Document:
        with self.work() as work:
            return products.withdraw(work, caller, shapes.load(schemas.OfProduct, request))

    @rpc(allow=SELLERS, noted="stock.adjust")
    def adjust_stock(self, caller: Caller, request: Request) -> Document:
        wish = shapes.load(schemas.AdjustStock, request)
        with self.work() as work:
            return work.once(
                caller,
                "adjust_stock",
                wish.idempotency_key,
                request,
                lambda: products.adjust_stock(work, caller, wish),
            )

    @rpc(allow=SELLERS, noted="stock.read", reads=True)
    def stock_of(self, caller: Caller, request: Request) -> Document:
        with self.work() as work:
            return queries.stock_of(work, caller, shapes.load(schemas.StockOf, request))

    @rpc(allow=SELLERS, noted="product.import")
    def import_products(self, caller: Caller, request: Request) -> Document:
        with self.work() as work:
            return imports.begin(work, caller, shapes.load(schemas.ImportProducts, request))

    @rpc(allow=SELLERS, noted="import.read", reads=True)
    def get_import(self, caller: Caller, request: Request) -> Document:
        with self.work() as work:
            return queries.get_import(work, caller, shapes.load(schemas.OfImport, request))

    @handles(ReserveStock, together=True)
    def reserve_stock(self, work: Work, deliveries: Deliveries[ReserveStock]) -> None:
        stock.reserve(work, deliveries)

    @handles(ReleaseStock, together=True)
    def release_stock(self, work: Work, deliveries: Deliveries[ReleaseStock]) -> None:
        stock.release(work, deliveries)

    @handles(CommitStock, together=True)
    def commit_stock(self, work: Work, deliveries: Deliveries[CommitStock]) -> None:
        stock.commit(work, deliveries)

    @handles(Restock, together=True)
    def restock(self, work: Work, deliveries: Deliveries[Restock]) -> None:
        stock.restock(work, deliveries)

    @handles(ShopApproved)
    def on_shop_approved(self, work: Work, event: ShopApproved) -> None:
        shops.approve(work, event)

    @handles(ShopSuspended)
    def on_shop_suspended(self, work: Work, event: ShopSuspended) -> None:
        shops.suspend(work, event)

    @every(seconds=1)
    def settle_shops(self) -> None:
        shops.settle(self.work)

    @every(seconds=5)
    def add_up_categories(self) -> None:
        more = True
        while more:
            with self.work() as work:
                more = work.categories.add_up()

    def _cleaned(self, wish: Described) -> Described:
        return replace(wish, description=self.cleaned(wish.description)) if wish.description else wish
