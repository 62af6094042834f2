"""The users of an end-to-end test, who use only the API of the gateway."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from shared.testing import eventually

SETTLED = 40.0  # seconds; enough for any step on a busy machine
ADDRESS = {
    "province": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "street": "北山街 84 号",
    "postcode": "310007",
}
CLIENTS = ExitStack()  # closed when the last test is over
CONTACT = {"name": "周静", "phone": "13800138000"}


def qr_code(checkout):
    """The content of a checkout's QR code, while it can be paid with one."""
    return ((checkout.get("payment") or {}).get("pay_action") or {}).get("content")


@dataclass
class User:
    """A user with an HTTP client, signed in or not."""

    url: str
    email: str | None = None
    tokens: dict | None = None
    retries: bool = False  # after 503 and 504: while a service restarts
    http: httpx.Client = field(init=False)

    def __post_init__(self):
        self.http = CLIENTS.enter_context(httpx.Client(base_url=f"{self.url}/api/v1", timeout=30))

    def call(self, method, path, body=None, *, key=None, **rest):
        """The raw response."""
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"} if self.tokens else {}
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= rest.pop("headers", {})
        answers = []

        def answered():
            answers[:] = [self.http.request(method, path, json=body, headers=headers, **rest)]
            return answers[0].status_code not in (503, 504) or not self.retries

        eventually(answered, within=SETTLED, every=0.1)
        return answers[0]

    def get(self, path, **parameters):
        return succeeded(self.call("GET", path, params={k: v for k, v in parameters.items() if v is not None}))

    def post(self, path, body=None, *, key=None):
        return succeeded(self.call("POST", path, {} if body is None else body, key=key or str(uuid4())))

    def put(self, path, body):
        return succeeded(self.call("PUT", path, body))

    def refused(self, method, path, body=None, **rest):
        """The status and code of a problem document."""
        answer = self.call(method, path, body, **{"key": str(uuid4()), **rest})
        assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
        assert 400 <= answer.status_code < 500, answer.text
        return answer.status_code, answer.json()["code"]

    def signs_in(self, email, password):
        self.email, self.tokens = email, self.post("/sessions", {"email": email, "password": password})
        return self


class Shopper(User):
    """A user who buys."""

    def registers(self, password="correct horse 电池"):
        email = f"{uuid4().hex[:12]}@shopper.example"
        self.post("/accounts", {"email": email, "password": password, "name": "周静"})
        return self.signs_in(email, password)

    def quote(self, *lines, coupons=(), province=ADDRESS["province"]):
        wanted = [{"sku_id": sku_id, "quantity": quantity} for sku_id, quantity in lines]
        benefits = [{"kind": "coupon", "coupon_id": each} for each in coupons]
        return self.post("/quotes", {"lines": wanted, "benefits": benefits, "province": province})

    def wanted(self, quote, method="wechat"):
        paid = {"quote_token": quote["token"], "payment_method": method}
        return {**paid, "address": ADDRESS, "contact": CONTACT, "note": "请放门口"}

    def checks_out(self, *lines, method="wechat", key=None, **quoted):
        return self.post("/checkouts", self.wanted(self.quote(*lines, **quoted), method), key=key)

    def checkout(self, checkout):
        return self.get(f"/checkouts/{checkout['checkout_id']}")

    def order(self, order):
        return self.get(f"/orders/{order['order_id']}")

    def waits_for(self, checkout, state, within=SETTLED):
        """Wait until the checkout is in this state."""
        return until(lambda: self.checkout(checkout), lambda found: found["state"] == state, within)

    def waits_for_order(self, order, state):
        return until(lambda: self.order(order), lambda found: found["state"] == state)

    def waits_for_refund(self, order):
        """Wait until the order is cancelled and, possibly later, completely refunded."""
        self.waits_for_order(order, "cancelled")
        return until(lambda: self.order(order), lambda found: found["refunded"] == found["total"])

    def waits_for_qr_code(self, checkout):
        """Wait for the QR code, and return its content."""
        ready = until(lambda: self.checkout(checkout), qr_code)
        return qr_code(ready)


class Provider:
    """The sandbox of the payment provider, with its buttons as methods."""

    def __init__(self, url):
        self.http = CLIENTS.enter_context(httpx.Client(base_url=url, timeout=30))

    def post(self, path, body=None):
        answer = self.http.post(f"/sandbox{path}", json=body or {})
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def pays(self, code_url):
        return self.post("/pay", {"code_url": code_url})

    def transaction(self, code_url):
        found = self.http.get("/sandbox/transactions").json()
        listed = found["items"] if isinstance(found, dict) else found
        return next(t for t in listed if t["code_url"] == code_url)

    def does(self, code_url, what):
        return self.post(f"/transactions/{self.transaction(code_url)['out_trade_no']}/{what}")


def succeeded(answer):
    """The document of a successful response, None if it is empty; fails for another status."""
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


def until(read, holds, within=SETTLED):
    """The result of `read` once it holds; an error with the last result if it never does."""
    seen = []

    def now():
        seen[:] = [read()]
        return holds(seen[0])

    try:
        eventually(now, within=within, every=0.05)
    except AssertionError as late:
        raise AssertionError(f"{late}; saw {seen}") from None
    return seen[0]
