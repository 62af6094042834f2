"""The imaginary provider's server in memory, with its own states and codes; a test triggers its actions."""

import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime

SECRET = b"imaginary-secret-0123456789"
ENDS = {"succeed": "DONE", "abnormal": "HELD", "close": "VOID"}


class TimedOut(Exception):
    """The call got no response."""


def signature(body: str) -> str:
    return hmac.new(SECRET, body.encode(), hashlib.sha256).hexdigest()


class ImaginaryServer:
    """`call` is its API; the other public methods are actions of payers and its staff."""

    def __init__(self):
        self.orders, self.returns = {}, {}
        self._plans, self._timeouts = {}, {}

    def call(self, verb, **body):
        """The response to a call: {"error": code} for a refusal. Raises TimedOut."""
        takes_effect = self._timeouts.pop(verb, None)
        if takes_effect is None:
            return getattr(self, f"_{verb}")(**body)
        if takes_effect:
            getattr(self, f"_{verb}")(**body)
        raise TimedOut(verb)

    def pay(self, number):
        self.orders[number] |= {"status": "SETTLED", "receipt": secrets.token_hex(6), "at": _now()}
        return self._report("order", self.orders[number])

    pay_late = pay

    def fail(self, number):
        self.orders[number]["status"] = "DECLINED"

    def plan_refund(self, number, outcome):
        self._plans[number] = outcome

    def refund_by_hand(self, number, amount):
        by_hand = f"HAND-{secrets.token_hex(4)}"
        self._send_back(number=by_hand, order=number, cents=amount.amount)
        return self.let_arrive(by_hand)

    def let_arrive(self, number):
        sent = self.returns[number]
        sent["status"] = ENDS[self._plans.pop(sent["order"], "succeed")]
        sent["at"] = _now() if sent["status"] == "DONE" else None
        return self._report("return", sent)

    def time_out(self, method, *, done=False):
        self._timeouts[{"open": "create", "close": "void", "refund": "send_back"}[method]] = done

    def _create(self, **order):
        fresh = {**order, "status": "CREATED", "receipt": None, "at": None}
        known = self.orders.setdefault(order["number"], fresh)
        if known["status"] not in ("CREATED", "DECLINED"):
            return {"error": f"I-{known['status']}"}
        return known if known["cents"] == order["cents"] else {"error": "I-TAKEN"}

    def _read(self, number):
        return self.orders.get(number, {"error": "I-404"})

    def _void(self, number):
        known = self.orders.get(number)
        if known and known["status"] in ("CREATED", "DECLINED"):
            known["status"] = "VOID"
        return known or {"error": "I-404"}

    def _send_back(self, number, order, cents):
        known, paid = self.returns.get(number), self.orders.get(order)
        if self._plans.get(order) == "refuse":
            del self._plans[order]
            return {"error": "I-POOR"}
        if not paid or paid["status"] != "SETTLED":
            return {"error": "I-404"}
        refunded = sum(each["cents"] for each in self.returns.values() if each["order"] == order and _counts(each))
        if (known and known["cents"] != cents) or (not known and refunded + cents > paid["cents"]):
            return {"error": "I-AMOUNT"}
        fresh = {"number": number, "order": order, "cents": cents, "id": secrets.token_hex(6), "at": None}
        return self.returns.setdefault(number, {**fresh, "status": "MOVING"})

    def _read_return(self, number):
        return self.returns.get(number, {"error": "I-404"})

    def _report(self, kind, about):
        body = json.dumps({"id": secrets.token_hex(8), "kind": kind, "about": about})
        return {"x-imaginary-signature": signature(body)}, body


def _counts(sent):
    return sent["status"] != "VOID"


def _now():
    return datetime.now(UTC).isoformat()
