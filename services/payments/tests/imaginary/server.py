"""The imaginary provider's own side, in memory, with words and numbers of its own; a test moves it by hand."""

import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime

SECRET = b"imaginary-secret-0123456789"
ENDS = {"succeed": "DONE", "abnormal": "HELD", "close": "VOID"}


class TimedOut(Exception):
    """No answer came."""


def signature(body: str) -> str:
    return hmac.new(SECRET, body.encode(), hashlib.sha256).hexdigest()


class ImaginaryServer:
    """`ask` is its wire; the other methods are what payers and its staff do."""

    def __init__(self):
        self.orders, self.returns = {}, {}
        self._plans, self._silences = {}, {}

    def call(self, verb, **body):
        """The answer to a call: {"error": code} for a refusal. Raises TimedOut."""
        silence = self._silences.pop(verb, None)
        if silence is None:
            return getattr(self, f"_{verb}")(**body)
        if silence:
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

    def fall_silent(self, method, *, done=False):
        self._silences[{"open": "create", "close": "void", "refund": "send_back"}[method]] = done

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
        gone = sum(each["cents"] for each in self.returns.values() if each["order"] == order and _counts(each))
        if (known and known["cents"] != cents) or (not known and gone + cents > paid["cents"]):
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
