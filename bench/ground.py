"""What is measured: a system of its own with durable servers, 1,000 products, and shoppers with accounts."""

import csv
import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any
from uuid import UUID, uuid4

from bench.costs import count_statements
from local.api import Api
from local.demo import loader
from local.demo.people import MERCHANT, people
from local.running import RunningSystem, temporary
from local.servers import Servers, ensure
from local.waiting import wait_until
from shared import auth
from shared.auth import Caller
from shared.ids import new_id
from shared.permissions import Role
from shared.testing.databases import ROOT

# All shoppers share one address here, and all callbacks come from the one sandbox.
LIMITS = ("RATE_LIMIT", "CALLBACK_RATE_LIMIT", "SIGN_IN_RATE_LIMIT")
UNBOUND = {f"{limit}{burst}": "1000000" for limit in LIMITS for burst in ("", "_BURST")}
SHOP = "inkstone"
PLENTY = 10_000_000  # pieces of each SKU
FEN = (99, 120, 150, 250, 399)  # prices: small, since open cash orders of a shopper are limited
PASSWORD = "correct horse 电池"
MATERIALS = "纯棉 亚麻 竹纤维 真丝 羊毛 陶瓷 胡桃木 黄铜 Cotton Linen Bamboo Silk Walnut Brass"
THINGS = "包被 口水巾 浴巾 枕套 床品件套 饭碗 筷子 笔记本 收纳盒 Blanket Towel Pillow Bowl Notebook Basket"
COLOURS = ["米白", "雾蓝", "豆绿", "Ivory", "Slate", "Sage"]
CATEGORIES = ("居家 > 床品件套", "居家 > 餐具", "母婴 > 洗护", "文具 > 本册", "Home > Storage")
POINTS = "<li>A 类婴幼儿标准，可机洗，三十次水洗不变形。</li>" * 8
TEXT = f"<p>{{title}}。质地柔软，经久耐用，每一件都经过检验。</p><ul>{POINTS}</ul>"


@dataclass
class Ground:
    """The running system, and what loads need of it."""

    up: RunningSystem
    servers: Servers
    products: int
    accounts: int

    @property
    def url(self) -> str:
        return self.up.site.gateway_url

    @cached_property
    def merchant(self) -> Api:
        """The owner of the shop with the products."""
        owner = next(one for one in people(self.up.site.run_dir) if one.shop == SHOP and one.role == MERCHANT)
        return Api(self.url).signed_in(owner.email, owner.password)

    @cached_property
    def shop_id(self) -> str:
        shops = Api(self.url).get("/shops?limit=100")["items"]
        return next(shop["shop_id"] for shop in shops if shop["slug"] == SHOP)

    @cached_property
    def cards(self) -> list[dict[str, Any]]:
        """The cards of all products of the shop."""
        found, cursor = [], ""
        while cursor is not None:
            page = Api(self.url).get(f"/products?shop_id={self.shop_id}&limit=100{cursor}")
            found += page["items"]
            cursor = f"&cursor={page['next']}" if page["next"] else None
        return found

    @cached_property
    def product_ids(self) -> list[str]:
        return [card["product_id"] for card in self.cards][: self.products]

    @cached_property
    def skus(self) -> list[str]:
        """One SKU each of 200 products."""
        return [self.product(each)["skus"][0]["sku_id"] for each in self.product_ids[:200]]

    def product(self, product_id: str) -> dict[str, Any]:
        return Api(self.url).get(f"/products/{product_id}")

    @cached_property
    def shoppers(self) -> list[UUID]:
        """The accounts of shoppers."""
        return [self._register(number) for number in range(self.accounts)]

    def tokens(self, user_ids: list[UUID] | None = None) -> list[str]:
        """Fresh access tokens, of the shoppers unless others are given."""
        os.environ["TOKEN_PRIVATE_KEY_FILE"] = str(self.up.site.run_dir / "secrets" / "token_private.pem")
        roles = frozenset({Role.SHOPPER})
        ids = self.shoppers if user_ids is None else user_ids
        return [auth.sign(Caller(user_id=each, session_id=new_id(), roles=roles)) for each in ids]

    def single(self, pieces: int) -> str:
        """A new product with one SKU and this many pieces; returns the SKU's id."""
        title, price = f"Limited {uuid4().hex[:6]}", {"amount": 99, "currency": "CNY"}
        sku = {"price": price, "stock": pieces}
        draft = {"shop_id": self.shop_id, "handle": title.lower().replace(" ", "-"), "title": title, "skus": [sku]}
        product = self.merchant.post("/merchant/products", draft, key=str(uuid4()))
        self.merchant.post(f"/merchant/products/{product['product_id']}/publish", {})
        return str(product["skus"][0]["sku_id"])

    def restart_gateway(self) -> dict[str, Any]:
        """Start the gateway again, with nothing in its memory."""
        before = self.up.supervisor.children["gateway"].running.pid
        self.up.kill("gateway", signal.SIGTERM)
        wait_until(lambda: _pid(self.up) not in (None, before), "the gateway is started", seconds=60)
        self.up.wait_ready()
        return {}

    def _register(self, number: int) -> UUID:
        account = {"email": f"{uuid4().hex[:8]}@shopper.example", "password": PASSWORD, "name": f"周静 {number}"}
        return UUID(Api(self.url).post("/accounts", account, key=str(uuid4()))["user_id"])


def _pid(up: RunningSystem) -> int | None:
    running = up.supervisor.children["gateway"].running
    return running.pid if running else None


@contextmanager
def ground(
    *, products: int = 1000, accounts: int = 128, prepare: Callable[[RunningSystem], None] | None = None
) -> Iterator[Ground]:
    """The system, filled and running; `prepare` runs before it has any messages of shops and shoppers."""
    os.environ.update(UNBOUND)
    servers = ensure(ROOT / ".run" / "bench")  # durable, unlike those of the tests
    try:
        count_statements(servers)
        with temporary(servers) as up:
            if prepare:
                prepare(up)
            loader.load(up.site)
            made = Ground(up, servers, products, accounts)
            made.merchant.import_csv(f"shop={SHOP}", sheet(products), key="bench")
            yield made
    finally:
        servers.stop()


def sheet(products: int) -> bytes:
    """A product CSV: three colours of each product, with a description of about 800 characters."""
    rng, text = Random(7), io.StringIO()
    rows = csv.writer(text)
    rows.writerow(
        ["Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Tags", "Option1 Name", "Option1 Value",
         "Variant SKU", "Variant Inventory Qty", "Variant Price", "Status"]
    )  # fmt: skip
    for number in range(products):
        title = f"{rng.choice(MATERIALS.split())}{rng.choice(THINGS.split())} {number}"
        first = [title, TEXT.format(title=title), "Bench", rng.choice(CATEGORIES), "bench, 新品", "Colour 颜色"]
        for at, colour in enumerate(rng.sample(COLOURS, 3)):
            facts = first if at == 0 else [""] * 6
            sku = [colour, f"B{number}-{at}", PLENTY, f"{rng.choice(FEN) / 100:.2f}", "active"]
            rows.writerow([f"bench-{number}", *facts, *sku])
    return text.getvalue().encode()
