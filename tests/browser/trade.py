"""A day of trade through the API: orders of one shopper in every state, for pages that show them."""

import hashlib
import hmac
import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import count
from pathlib import Path
from uuid import uuid4

import httpx
from playwright.sync_api import sync_playwright

from local import browsers, keys, servers, web
from local.demo import loader
from local.demo.people import people
from local.running import temporary
from tests.e2e.people import ADDRESS, CLIENTS, Provider, Shopper, User, succeeded, until

CARRIER, SHOP = "sf-express", "shanyu-pottery"


@dataclass
class Trade:
    """A shopper of the demo, the owners of all shops, the payment provider and a carrier."""

    system: object
    shopper: Shopper = field(init=False)
    orders: dict[str, dict] = field(default_factory=dict)

    def __post_init__(self):
        self.url = self.system.url
        self.people = people(self.system.site.run_dir)
        someone = next(person for person in self.people if person.role == "shopper")
        self.shopper = Shopper(self.url).signs_in(someone.email, someone.password)
        self.provider = Provider(self.system.urls["sandbox"])
        shop = next(each for each in self._list("/shops") if each["slug"] == SHOP)
        self.person = next(each for each in self.people if each.shop == SHOP)
        self.owner = User(self.url).signs_in(self.person.email, self.person.password)
        cards = self._list("/products", shop_id=shop["shop_id"])
        self.product_id, self.shop_id = cards[0]["product_id"], shop["shop_id"]
        self.products = (self._product(cards[at % len(cards)]) for at in count())

    def _list(self, path, **wanted):
        return User(self.url).get(path, limit=100, **wanted)["items"]

    def _product(self, card):
        return User(self.url).get(f"/products/{card['product_id']}")

    @cached_property
    def named(self):
        """What addresses of pages name."""
        orders = {state: order["order_id"] for state, order in self.orders.items()}
        refunded = self.orders["refund_asked"]
        return {
            **orders,
            "product": self.product_id,
            "sku": self._product({"product_id": self.product_id})["skus"][0]["sku_id"],
            "shop": self.shop_id,
            "checkout": self.orders["placed"]["checkout"]["checkout_id"],
            "paid_checkout": refunded["checkout"]["checkout_id"],
            "number": refunded["number"],
            "payment": refunded["checkout"]["payment_id"],
            "refund": refunded["refund"]["refund_id"],
            "saga": self._saga_of(refunded["number"]),
            "import": self._imported(),
        }

    @cached_property
    def operator(self):
        """An operator."""
        person = self.person_of("operator")
        return User(self.url).signs_in(person.email, person.password)

    def waits_for_audit(self):
        """Wait until the auditor has been there once, so that the pages of operators know whether all is well."""
        until(lambda: self.operator.get("/operator/audit"), lambda audit: audit["state"] == "clean", within=120)

    def _saga_of(self, number):
        return self.operator.get(f"/operator/orders/{number}")["sagas"][0]["saga_id"]

    def _imported(self):
        """The id of an import with a row that is wrong, when it has ended."""
        rows = "Handle,Title,Published,Variant Price\nplate,好盘子,false,39.90\nbad-plate,坏盘子,false,一百\n"
        path = f"/merchant/imports?shop={SHOP}&filename=goods.csv"
        made = succeeded(
            self.owner.call("POST", path, key="goods", content=rows, headers={"Content-Type": "text/csv"})
        )
        path = f"/merchant/imports/{made['import_id']}"
        return until(lambda: self.owner.get(path), lambda each: each["finished_at"])["import_id"]

    def person_of(self, role):
        """Who plays a role of the demo, if any; the merchant is the owner of the shop of all orders."""
        return (
            self.person if role == "merchant" else next((each for each in self.people if each.role == role), None)
        )

    def placed(self, quantity=1, method="wechat"):
        """An order that waits for its payment; with its checkout."""
        sku = next(sku for product in self.products for sku in product["skus"] if sku["available"] > quantity)
        checkout = self.shopper.checks_out((sku["sku_id"], quantity), method=method)
        return checkout["orders"][0] | {"checkout": checkout}

    def confirmed(self, quantity=1):
        """An order that is paid."""
        order = self.placed(quantity)
        self.provider.pays(self.shopper.waits_for_qr_code(order["checkout"]))
        self.shopper.waits_for(order["checkout"], "confirmed")
        return order

    def preparing(self, quantity=1):
        """An order that its shop has accepted."""
        order = self.confirmed(quantity)
        self.owner.post(f"/merchant/orders/{order['order_id']}/accept")
        return order

    def shipped(self, quantity=1):
        """An order on its way, with a carrier's report."""
        order = self.preparing(quantity)
        parcel = {"carrier": CARRIER, "tracking_number": f"SF{uuid4().hex[:12].upper()}"}
        self.owner.post(f"/merchant/orders/{order['order_id']}/ship", parcel)
        reports(self.system, parcel, "in_transit")
        return order | {"parcel": parcel}

    def delivered(self, quantity=1):
        """An order that has arrived."""
        order = self.shipped(quantity)
        reports(self.system, order["parcel"], "delivered")
        self.shopper.waits_for_order(order, "delivered")
        return order

    def completed(self):
        """An order whose arrival the shopper has confirmed."""
        order = self.delivered()
        self.shopper.post(f"/orders/{order['order_id']}/receive")
        return order

    def cancelled(self):
        """An order that the shopper has cancelled, with its money on the way back."""
        order = self.confirmed()
        self.shopper.post(f"/orders/{order['order_id']}/cancel", {"reason_text": "拍错了"})
        self.shopper.waits_for_order(order, "cancelled")
        return order

    def refund_asked(self):
        """A delivered order of two pieces, one of which the shopper wants to return."""
        order = self.delivered(2)
        line = self.shopper.order(order)["lines"][0]["line_id"]
        asked = {"lines": [{"line_id": line, "quantity": 1}], "reason_text": "杯口有一处小缺口"}
        refund = self.shopper.post(f"/orders/{order['order_id']}/refunds", asked)
        return order | {"refund": refund}


def reports(system, parcel, event):
    """A carrier's report, signed with its key."""
    fields = {"tracking_number": parcel["tracking_number"], "event": event}
    body = json.dumps(
        {**fields, "at": datetime.now(UTC).isoformat(), "place": "杭州转运中心", "text": "已发往下一站"}
    )
    sent = str(int(time.time()))
    key = keys.carriers(system.site.run_dir)[parcel["carrier"]]
    signed = f"{sent}.{parcel['carrier']}.{body}".encode()
    proof = hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
    headers = {"X-Carrier-Signature": f"t={sent},v1={proof}", "Content-Type": "application/json"}
    url = f"{system.url}/api/v1/carriers/{parcel['carrier']}/events"
    httpx.post(url, content=body, headers=headers, timeout=30).raise_for_status()


@contextmanager
def trading():
    """A system of its own with the built pages and a day of trade, and a browser, for scripts."""
    web.build()
    running = servers.ensure(Path(".run") / "test", durable=False)
    with temporary(running) as system, CLIENTS, sync_playwright() as playwright:
        loader.load(system.site)
        browser = playwright.chromium.launch(executable_path=str(browsers.chromium()), args=browsers.ARGUMENTS)
        yield day_of_trade(system), browser
        browser.close()
    running.stop()


STATES = ("completed", "delivered", "shipped", "preparing", "confirmed", "cancelled", "refund_asked", "placed")


def day_of_trade(system):
    """Orders of one shopper, who has an address, in every state, by the state."""
    trade = Trade(system)
    trade.shopper.post("/me/addresses", {**ADDRESS, "contact": "周静", "phone": "13800138000"})
    trade.orders = {state: getattr(trade, state)() for state in STATES}
    return trade
