"""Test data of catalog: a shop that sells tea cups and quilts, and the service itself."""

from functools import partial
from types import SimpleNamespace

from catalog.importing.use_cases.processing import process_next
from catalog.products.use_cases.descriptions import Cleaning, clean
from catalog.service import CatalogService
from catalog.work import Work
from shared.auth import Caller
from shared.contracts.catalog import ReserveStock, StockLine
from shared.contracts.users import ShopApproved
from shared.ids import new_id
from shared.permissions import Role
from shared.testing import deliver, published, replied, service

YUAN = "CNY"


def approved(shop_id=None, slug="lakeside", version=1):
    return ShopApproved(
        shop_id=shop_id or new_id(), owner_id=new_id(), slug=slug, name="湖畔小店", version=version
    )


def merchant_of(shop_id):
    return Caller(new_id(), new_id(), frozenset({Role.SHOPPER, Role.MERCHANT}), frozenset({shop_id}))


def price(amount):
    return {"amount": amount, "currency": YUAN}


def tea_cup(**rest):
    """A request for a product without options, ten in stock."""
    return {
        "title": "汝窑茶杯",
        "description": "<p>手工烧制</p>",
        "brand": "湖畔",
        "category": "居家 > 茶具",
        "tags": ["茶", "手工"],
        "pictures": [{"src": "/media/tea-cup.svg", "alt": "茶杯"}],
        "skus": [{"code": "TEA-CUP", "price": price(5900), "stock": 10}],
        **rest,
    }


def quilt(**rest):
    """A request for a product with two options and three SKUs, five of each in stock."""
    sizes = [("S", "红", 10000), ("S", "蓝", 12000), ("M", "红", 15000)]
    return {
        "title": "蚕丝被",
        "category": "居家 > 被枕",
        "option_names": ["尺码", "颜色"],
        "skus": [{"option_values": [size, hue], "price": price(fen), "stock": 5} for size, hue, fen in sizes],
        **rest,
    }


def line(sku_id, quantity=1, order_id=None):
    return StockLine(order_id=order_id or new_id(), sku_id=sku_id, quantity=quantity)


def wanted(sku_id, quantity=1, checkout_id=None, buyer_id=None):
    """The command of a checkout that reserves `quantity` units of one SKU."""
    return ReserveStock(checkout_id=checkout_id or new_id(), lines=(line(sku_id, quantity),), buyer_id=buyer_id)


class Market:
    """The service with one approved shop and its merchant."""

    def __init__(self, open_work):
        self.open_work: Work = open_work
        self.receive = partial(deliver, CatalogService, open_work)
        self.shop_id = new_id()
        self.merchant = merchant_of(self.shop_id)
        self.receive(approved(self.shop_id))

    def call(self, method, caller=None, **request):
        """Call an RPC method, by default as the shop's merchant."""
        shell = service(CatalogService, self.open_work)
        shell.cleaned = Cleaning(run=lambda _clean, html: clean(html))  # in this thread, with normal priority
        return getattr(shell, method)(caller or self.merchant, request)

    def sell(self, request):
        """Create a product and list it."""
        created = self.call("create_product", shop_id=str(self.shop_id), **request)
        return self.call("publish_product", product_id=created["product_id"])

    def settle(self):
        """Apply the states of shops to their products, as the service does every second."""
        service(CatalogService, self.open_work).settle_shops()

    def import_file(self, csv, caller=None, **request):
        """Upload a file as the shop's merchant, process it, and return the finished import."""
        made = self.call(
            "import_products", caller, **{"shop": "lakeside", "filename": "goods.csv", **request}, csv=csv
        )
        while self.process_next():
            pass
        return self.call("get_import", caller, import_id=made["import_id"])

    def process_next(self):
        """Process one import as the worker does, without pauses."""
        return process_next(self.open_work, lambda _seconds: False)

    def published(self, message_type=None):
        """The published messages, all or those of one type."""
        return [one for one in published(self.open_work) if message_type is None or isinstance(one, message_type)]

    def replied(self, message_type):
        """The replies of one type."""
        return [one for one in replied(self.open_work) if isinstance(one, message_type)]

    def stock(self, sku_id):
        found = self.call("get_stock", sku_id=str(sku_id))
        return SimpleNamespace(**{name: found[name] for name in ("on_hand", "reserved", "available")})
