"""Shoppers, merchants, the carrier and the provider, as clients of the API."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx

from local import keys
from local.demo.people import people
from tests.chaos.clients import Broken, Client, Refused, a_key

PASSWORD = "correct horse 电池"
ADDRESS = {
    "province": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "street": "北山街 84 号",
    "postcode": "310007",
}
CONTACT = {"name": "周静", "phone": "13800138000"}
CARRIER = "sf-express"
FEW = 8  # shoppers at the beginning
PLENTY = 50_000
OURS = 32  # characters of a refund's number made by payments
LONGEST_PAUSE = 3.0  # seconds between two reads while waiting


def qr_code(checkout) -> str | None:
    """The content of a checkout's QR code, while it can be paid with one."""
    return ((checkout.get("payment") or {}).get("pay_action") or {}).get("content")


class Shopper(Client):
    """A client with an account."""

    async def register(self, rng, promises):
        email = f"{a_key(rng)[:13]}@shopper.example"
        account = {"email": email, "password": PASSWORD, "name": "周静"}
        await self.post("/accounts", account, key=a_key(rng))
        promises.accounts.append(account)
        await self.sign_in(email, PASSWORD)
        return self

    async def sign_in(self, email, password):
        self.email = email
        self.token = (await self.post("/sessions", {"email": email, "password": password}))["access_token"]
        return self

    async def quote(self, lines, coupon_ids=()):
        wanted = [{"sku_id": sku_id, "quantity": quantity} for sku_id, quantity in lines]
        benefits = [{"kind": "coupon", "coupon_id": each} for each in coupon_ids]
        basket = {"lines": wanted, "benefits": benefits, "province": ADDRESS["province"]}
        return await self.post("/quotes", basket)

    async def checks_out(self, quote, method, key):
        body = {"quote_token": quote["token"], "payment_method": method, "address": ADDRESS, "contact": CONTACT}
        return body, await self.post("/checkouts", body, key=key)

    async def reads_until(self, path, holds, within, *, every=0.2, growing=1.5):
        """The document at the path once it holds, or after so many seconds; read with growing pauses."""
        began = time.monotonic()
        while True:
            found = await self.get(path)
            if holds(found) or time.monotonic() - began > within:
                return found
            await asyncio.sleep(every)
            every = min(every * growing, LONGEST_PAUSE)


class Market:
    """The shops with their SKUs, coupons, merchants and operator."""

    def __init__(self, testbed, connections, record) -> None:
        self._testbed, self._connections, self._record = testbed, connections, record
        self.merchants, self.skus, self.campaigns = {}, {}, {}

    async def open(self, rng):
        """Sign in merchants and operator, add stock, and create coupon campaigns."""
        anyone = Client(self._connections, self._record)
        slugs = {shop["slug"]: shop["shop_id"] for shop in (await anyone.get("/shops", limit=100))["items"]}
        for person in people(self._testbed.site.run_dir):
            client = Shopper(self._connections, self._record)
            if person.role != "shopper":
                await client.sign_in(person.email, person.password)
            if person.role == "operator":
                self.operator = client
            if person.shop:
                self.merchants[slugs[person.shop]] = client
        cards = (await anyone.get("/products", limit=100))["items"]
        products = [await anyone.get(f"/products/{card['product_id']}") for card in cards]
        for shop_id, merchant in self.merchants.items():
            own = [p for p in products if p["shop_id"] == shop_id]
            self.skus[shop_id] = [sku["sku_id"] for product in own for sku in product["skus"]]
            await self._fill(rng, shop_id, merchant)

    async def number_at_the_provider(self, payment_id):
        """The provider's number of a payment that it has opened."""
        calls = (await self.operator.get(f"/operator/payments/{payment_id}"))["calls"]
        return UUID(next(call["key"] for call in calls if call["kind"] == "open")).hex

    async def _fill(self, rng, shop_id, merchant):
        for sku_id in self.skus[shop_id]:
            await merchant.post(
                f"/merchant/skus/{sku_id}/stock", {"change": PLENTY, "reason": "chaos"}, key=a_key(rng)
            )
        self.campaigns[shop_id] = (
            await merchant.post("/merchant/coupon-campaigns", _campaign(shop_id), key=a_key(rng))
        )["campaign_id"]


def _campaign(shop_id):
    now = datetime.now(UTC)
    return {
        "shop_id": shop_id,
        "name": {"zh": "满 1 减 1", "en": "¥1 off ¥1"},
        "threshold": {"amount": 100, "currency": "CNY"},
        "discount": {"amount": 100, "currency": "CNY"},
        "total_limit": 1_000_000,
        "per_person_limit": 1000,
        "starts_at": (now - timedelta(minutes=1)).isoformat(),
        "ends_at": (now + timedelta(days=1)).isoformat(),
    }


class Carrier:
    """Sends signed reports about parcels, and retries until they are accepted."""

    def __init__(self, testbed, connections, record) -> None:
        self._client = Client(connections, record)
        self._key = keys.carriers(testbed.site.run_dir)[CARRIER].encode()

    async def report(self, tracking_number, event):
        fields = {"tracking_number": tracking_number, "event": event, "at": datetime.now(UTC).isoformat()}
        body = json.dumps({**fields, "place": "杭州转运中心", "text": "已揽收"}).encode()
        sent = str(int(time.time()))
        proof = hmac.new(self._key, f"{sent}.{CARRIER}.".encode() + body, hashlib.sha256).hexdigest()
        signed = {"X-Carrier-Signature": f"t={sent},v1={proof}", "Content-Type": "application/json"}
        await self._client.call("POST", f"/carriers/{CARRIER}/events", content=body, headers=signed)


class Provider:
    """The payment provider's sandbox: payers, refunds and faults."""

    def __init__(self, url, record) -> None:
        self._http = httpx.AsyncClient(base_url=f"{url}/sandbox", timeout=10)
        self._record = record

    async def close(self) -> None:
        await self._http.aclose()

    async def call(self, method, path, body=None, allow=()):
        """Call until it answers: the sandbox, too, is killed and frozen."""
        for _ in range(200):
            try:
                answer = await self._http.request(method, path, json=body)
            except httpx.TransportError:
                await asyncio.sleep(0.3)
                continue
            if answer.is_success:
                return answer.json()
            answered = Refused(answer.status_code, answer.json().get("code"), answer.text[:200])
            if answered.code in allow:
                raise answered
            self._record.violated(f"sandbox {method} {path}: {answered}")
            raise Broken(path)
        self._record.violated(f"sandbox {method} {path}: no answer")
        raise Broken(path)

    async def pay(self, number):
        """Pay; returns whether it is paid, also by an attempt whose answer was lost."""
        try:
            await self.does(number, "pay", allow=("ORDERPAID", "ORDER_CLOSED"))
        except Refused as refused:
            return refused.code == "ORDERPAID"
        return True

    async def trade(self, number):
        return await self.call("GET", f"/transactions/{number}")

    async def does(self, number, what, allow=()):
        return await self.call("POST", f"/transactions/{number}/{what}", allow=allow)

    async def plans_refund(self, number, outcome, **more):
        """Set the outcome of the transaction's next refund; for a refusal also `code` and `times`."""
        await self.call("POST", f"/transactions/{number}/next-refund", {"outcome": outcome, **more})

    async def refunds_by_hand(self, number, amount):
        """Refund this amount by hand in the merchant platform, unless it is refunded already.

        None if the provider no longer holds the amount, since the system's own refund has been executed.
        """
        before = {refund["out_refund_no"] for refund in (await self.trade(number))["refunds"]}
        for _ in range(200):
            refused = False
            with contextlib.suppress(httpx.TransportError):
                answer = await self._http.post(f"/transactions/{number}/refund-by-hand", json={"amount": amount})
                refused = answer.is_client_error
            for refund in (await self.trade(number))["refunds"]:
                if refund["out_refund_no"] not in before and len(refund["out_refund_no"]) != OURS:
                    return refund
            if refused:
                return None
            await asyncio.sleep(0.3)
        self._record.violated(f"sandbox: no refund by hand for {number}")
        raise Broken(number)

    async def settles_refunds(self, number):
        """Complete every refund of a transaction that is pending or stopped."""
        for refund in (await self.trade(number))["refunds"]:
            if refund["state"] in {"PROCESSING", "ABNORMAL"}:
                with contextlib.suppress(Refused):  # it has arrived
                    path = f"/refunds/{refund['out_refund_no']}/succeed"
                    await self.call("POST", path, allow=("INVALID_REQUEST",))

    async def add_fault(self, **wanted):
        await self.call("POST", "/behaviour", wanted)

    async def clear_faults(self):
        await self.call("DELETE", "/behaviour")
