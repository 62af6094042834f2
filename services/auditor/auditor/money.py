"""Money: orders and payments agree on every order, payment and refund."""

from collections.abc import Iterator

from auditor.checks import Check, Counted, Feed, Finding, Json, Queries, Repair
from auditor.joined import Pair, joined, latest
from auditor.stock import has_ended, is_over
from shared.contracts.orders import audit as orders_audit
from shared.contracts.payments import audit as payments_audit

PAYABLE = {"confirmed", "preparing", "shipped", "delivered", "completed", "cancelling"}
NEVER_PAID = {"cancelled", "failed"}
ADVICE = "read the payment's ledger entries and the saga's time line, and settle it by hand"
# A confirmed checkout's payment. Cash on delivery is open until paid, and cancelled if all is written off.
PAID = {"prepaid": {"captured"}, "nothing": {"captured"}, "at_delivery": {"open", "captured", "cancelled"}}


def orders(queries: Queries) -> Iterator[Counted | Finding]:
    """Orders for which payments keeps more or less money than the order is worth after refunds."""
    for order, part in joined(queries, orders_audit.AuditOrders, payments_audit.AuditParts, "order_id"):
        yield Counted(1)
        if wrong := _order_wrong(order, part):
            yield _finding("order", (order, part), wrong)


def _order_wrong(order: Json | None, part: Json | None) -> str | None:
    if order is None:
        return f"payments keeps {_kept(part)} for an order that orders does not know"
    payable = order["total"] - order["refunded"] if order["state"] in PAYABLE else 0
    if part and part["amount"] != order["total"]:
        return f"it costs {order['total']}, and {part['amount']} is payable for it"
    if order["state"] == "cancelled" and (kept := _kept(part) - _in_transit(part)):
        return f"cancelled: payments keeps {kept} for it, and no refund is in transit"
    if order["state"] != "cancelled" and not payable - order["running"] <= _kept(part) <= payable:
        return f"{order['state']}: {payable} is payable for it, payments keeps {_kept(part)}"
    return None


def _kept(part: Json | None) -> int:
    """An order's money that payments has or will collect on delivery, including refunds in transit."""
    return part["receivable"] + part["captured"] - part["refunded"] + part["in_transit"] if part else 0


def _in_transit(part: Json | None) -> int:
    return part["in_transit"] if part else 0


def payments(queries: Queries) -> Iterator[Counted | Finding]:
    """Payments that do not match their checkout."""
    for checkout, payment in joined(queries, orders_audit.AuditPaid, payments_audit.AuditPayments, "payment_id"):
        yield Counted(1)
        if wrong := _payment_wrong(checkout, payment):
            repair = _refund(checkout) if checkout and _is_unapplied(checkout, payment) else None
            yield _finding("payment", (checkout, payment), wrong, repair)


def _payment_wrong(checkout: Json | None, payment: Json | None) -> str | None:
    if checkout is None:
        return "it is for a checkout that orders does not know"
    if checkout["total"] != checkout["of_orders"]:
        return f"the checkout costs {checkout['total']}, its orders {checkout['of_orders']}"
    if payment is None:
        return "the checkout is confirmed without a payment" if checkout["state"] == "confirmed" else None
    if payment["checkout_id"] != checkout["checkout_id"]:
        return f"in orders it is for checkout {checkout['checkout_id']}, in payments for {payment['checkout_id']}"
    if payment["state"] not in NEVER_PAID and payment["amount"] != checkout["total"]:
        return f"the checkout costs {checkout['total']}, the payment {payment['amount']}"
    return _state_wrong(checkout, payment)


def _state_wrong(checkout: Json, payment: Json) -> str | None:
    states = f"the checkout is {checkout['state']}, the payment {payment['state']}"
    if checkout["state"] == "confirmed":
        return None if payment["state"] in PAID[payment["collection"]] else states
    if payment["kept"] or (payment["state"] == "captured" and payment["amount"] and checkout["state"] == "placed"):
        return f"{states}, {payment['kept']} is kept"
    if has_ended(checkout) and payment["state"] in ("opening", "open"):
        return f"{states}: it can still be paid"
    return None


def _is_unapplied(checkout: Json, payment: Json | None) -> bool:
    return is_over(checkout) and payment is not None and payment["state"] == "captured" and payment["kept"] > 0


def _refund(checkout: Json) -> Repair:
    request = {"checkout_id": checkout["checkout_id"]}
    return Repair(
        method=orders_audit.RefundCancelled.contract.method,
        request=request,
        description="refund the kept amount",
    )


def refunds(queries: Queries) -> Iterator[Counted | Finding]:
    """Refunds on which orders and payments differ."""
    for in_orders, in_payments in joined(
        queries, orders_audit.AuditRefunds, payments_audit.AuditRefunds, "refund_id"
    ):
        yield Counted(1)
        if wrong := _refund_wrong(in_orders, in_payments):
            repair = (
                _republish(in_payments) if in_payments and _is_unknown_to_orders(in_orders, in_payments) else None
            )
            yield _finding("refund", (in_orders, in_payments), wrong, repair)


DUE, PAID_BACK = ("requested", "processing"), ("succeeded", "settled_by_hand")


def _refund_wrong(in_orders: Json | None, in_payments: Json | None) -> str | None:
    if in_orders is None:
        repaired = in_payments is not None and in_payments["reason"] == "audit"
        return None if repaired else "payments made a refund that orders never requested"
    states = f"orders has {in_orders['state']}, payments {in_payments['state'] if in_payments else 'no refund'}"
    states += ", and the order is cancelled" if in_orders["order_state"] == "cancelled" else ""
    if in_payments and _terms(in_payments) != _terms(in_orders):
        ours, theirs = (
            f"{amount} for order {order_id}" for order_id, amount in map(_terms, (in_orders, in_payments))
        )
        return f"{states}: {ours}, {theirs}"
    return None if _agree(in_orders, in_payments["state"] if in_payments else None) else states


def _is_unknown_to_orders(in_orders: Json | None, in_payments: Json) -> bool:
    """Whether the only difference is that orders waits for money that has arrived."""
    if in_orders is None or _terms(in_orders) != _terms(in_payments):
        return False
    return bool(in_orders["state"] == "running" and in_payments["state"] in PAID_BACK)


def _terms(refund: Json) -> tuple[str, int]:
    return refund["order_id"], refund["amount"]


def _republish(in_payments: Json) -> Repair:
    request = {"refund_id": in_payments["refund_id"]}
    return Repair(
        method=payments_audit.RepublishRefund.contract.method,
        request=request,
        description="publish again that the refund has arrived",
    )


def _agree(in_orders: Json, state: str | None) -> bool:
    """Whether the states may occur together once no message is in transit."""
    if in_orders["state"] == "refunded":
        return state in PAID_BACK or (state is None and not in_orders["amount"])
    if in_orders["state"] == "running":
        return state in DUE or (state in (None, "failed") and in_orders["being_requested"])
    return state in ((None, "failed") if in_orders["state"] == "failed" else (None,))


def _finding(kind: str, documents: Pair, wrong: str, repair: Repair | None = None) -> Finding:
    """A finding about an order, a payment or a refund, with the documents of orders and payments."""
    one, other = documents
    return Finding(
        check=f"money.{kind}s",
        about=f"{kind} {(one or other or {})[f'{kind}_id']}",
        detail=wrong,
        facts={"orders": one, "payments": other},
        since=latest(one, other),
        repair=repair,
        advice=ADVICE,
    )


CHECKS = [
    Check(
        name="money.orders",
        sentence="the money that payments keeps for an order is its total less its refunds, in orders",
        run=orders,
        by_key=True,
        changes=(
            *(Feed("orders", table, "order_id") for table in ("orders", "refund")),
            *(Feed("payments", table, "order_id") for table in ("payments", "refunds", "ledger_postings")),
        ),
    ),
    Check(
        name="money.payments",
        sentence="a payment belongs to one checkout; money is kept for all confirmed ones, and for no others",
        run=payments,
        by_key=True,
        changes=(
            *(Feed("orders", table, "payment_id") for table in ("checkout", "orders", "saga")),
            *(Feed("payments", table, "payment_id") for table in ("payments", "refunds", "ledger_postings")),
        ),
    ),
    Check(
        name="money.refunds",
        sentence="orders and payments agree on every refund",
        run=refunds,
        by_key=True,
        changes=(
            *(Feed("orders", table, "refund_id") for table in ("refund", "orders", "saga")),
            Feed("payments", "refunds", "refund_id"),
        ),
    ),
]
