"""Money: orders and payments agree, order by order, payment by payment, refund by refund."""

from collections.abc import Iterator

from auditor.checks import Check, Counted, Feed, Finding, Json, Queries, Repair
from auditor.joined import Pair, joined, latest
from auditor.stock import has_ended, is_over
from shared.contracts.orders import audit as orders_audit
from shared.contracts.payments import audit as payments_audit

OWING = {"confirmed", "preparing", "shipped", "delivered", "completed", "cancelling"}
NEVER_PAID = {"cancelled", "failed"}
LOOK = "read the payment's ledger entries and the saga's time line, and settle it by hand"
# How a confirmed checkout's payment stands; one at the door is open until then, and cancelled if all is forgiven.
PAID = {"prepaid": {"captured"}, "nothing": {"captured"}, "at_delivery": {"open", "captured", "cancelled"}}


def orders(queries: Queries) -> Iterator[Counted | Finding]:
    """Orders for which more or less money is kept than is owed to them."""
    for order, part in joined(queries, orders_audit.AuditOrders, payments_audit.AuditParts, "order_id"):
        yield Counted(1)
        if wrong := _order_wrong(order, part):
            yield _finding("order", (order, part), wrong)


def _order_wrong(order: Json | None, part: Json | None) -> str | None:
    if order is None:
        return f"payments keeps {_kept(part)} for an order that orders does not know"
    owed = order["total"] - order["refunded"] if order["state"] in OWING else 0
    if part and part["amount"] != order["total"]:
        return f"it costs {order['total']}, and {part['amount']} was to be paid for it"
    if order["state"] == "cancelled" and (kept := _kept(part) - _on_its_way(part)):
        return f"cancelled: payments keeps {kept} for it, and owes it to nobody"
    if order["state"] != "cancelled" and not owed - order["running"] <= _kept(part) <= owed:
        return f"{order['state']}: {owed} is owed to it, payments keeps {_kept(part)}"
    return None


def _kept(part: Json | None) -> int:
    """What is here of an order's money, or will be taken at the door; also what is about to go back."""
    return part["receivable"] + part["captured"] - part["refunded"] + part["in_transit"] if part else 0


def _on_its_way(part: Json | None) -> int:
    return part["in_transit"] if part else 0


def payments(queries: Queries) -> Iterator[Counted | Finding]:
    """Payments that stand otherwise than their checkout."""
    for checkout, payment in joined(queries, orders_audit.AuditPaid, payments_audit.AuditPayments, "payment_id"):
        yield Counted(1)
        if wrong := _payment_wrong(checkout, payment):
            repair = _refund(checkout) if checkout and _is_unapplied(checkout, payment) else None
            yield _finding("payment", (checkout, payment), wrong, repair)


def _payment_wrong(checkout: Json | None, payment: Json | None) -> str | None:
    if checkout is None:
        return "it pays a checkout that orders does not know"
    if checkout["total"] != checkout["of_orders"]:
        return f"the checkout costs {checkout['total']}, its orders {checkout['of_orders']}"
    if payment is None:
        return "the checkout is confirmed without a payment" if checkout["state"] == "confirmed" else None
    if payment["checkout_id"] != checkout["checkout_id"]:
        return f"orders has it pay checkout {checkout['checkout_id']}, payments {payment['checkout_id']}"
    if payment["state"] not in NEVER_PAID and payment["amount"] != checkout["total"]:
        return f"the checkout costs {checkout['total']}, the payment is of {payment['amount']}"
    return _standing_wrong(checkout, payment)


def _standing_wrong(checkout: Json, payment: Json) -> str | None:
    statement = f"the checkout is {checkout['state']}, the payment {payment['state']}"
    if checkout["state"] == "confirmed":
        return None if payment["state"] in PAID[payment["collection"]] else statement
    if payment["kept"] or (payment["state"] == "captured" and payment["amount"] and checkout["state"] == "placed"):
        return f"{statement}, {payment['kept']} is kept"
    if has_ended(checkout) and payment["state"] in ("opening", "open"):
        return f"{statement}: it can still be paid"
    return None


def _is_unapplied(checkout: Json, payment: Json | None) -> bool:
    return is_over(checkout) and payment is not None and payment["state"] == "captured" and payment["kept"] > 0


def _refund(checkout: Json) -> Repair:
    request = {"checkout_id": checkout["checkout_id"]}
    return Repair(
        method=orders_audit.RefundCancelled.contract.method, request=request, words="refund what is kept of it"
    )


def refunds(queries: Queries) -> Iterator[Counted | Finding]:
    """Refunds of which orders and payments say different things."""
    for requested, given in joined(queries, orders_audit.AuditRefunds, payments_audit.AuditRefunds, "refund_id"):
        yield Counted(1)
        if wrong := _refund_wrong(requested, given):
            repair = _tell(given) if given and _is_untold(requested, given) else None
            yield _finding("refund", (requested, given), wrong, repair)


OWED, PAID_BACK = ("requested", "processing"), ("succeeded", "settled_by_hand")


def _refund_wrong(requested: Json | None, given: Json | None) -> str | None:
    if requested is None:
        repaired = given is not None and given["reason"] == "audit"
        return None if repaired else "payments gave a refund that orders never asked for"
    statement = f"orders says {requested['state']}, payments {given['state'] if given else 'nothing of it'}"
    statement += ", and the order is cancelled" if requested["order_state"] == "cancelled" else ""
    if given and (given["order_id"], given["amount"]) != (requested["order_id"], requested["amount"]):
        ours, theirs = (f"{refund['amount']} for order {refund['order_id']}" for refund in (requested, given))
        return f"{statement}: {ours}, {theirs}"
    return None if _agree(requested, given["state"] if given else None) else statement


def _is_untold(requested: Json | None, given: Json) -> bool:
    """Whether all that is wrong is that orders waits for money that has arrived."""
    if requested is None or (requested["order_id"], requested["amount"]) != (given["order_id"], given["amount"]):
        return False
    return bool(requested["state"] == "running" and given["state"] in PAID_BACK)


def _tell(given: Json) -> Repair:
    request = {"refund_id": given["refund_id"]}
    return Repair(
        method=payments_audit.RepublishRefund.contract.method,
        request=request,
        words="say once more that its money arrived",
    )


def _agree(requested: Json, given: str | None) -> bool:
    """Payments may not have been asked yet, and orders not told yet: then the finding is too young to count."""
    if requested["state"] == "refunded":
        return given in PAID_BACK or (given is None and not requested["amount"])
    if requested["state"] == "running":
        return given in OWED or (given in (None, "failed") and requested["asking"])
    return given in ((None, "failed") if requested["state"] == "failed" else (None,))


def _finding(kind: str, statement: Pair, wrong: str, repair: Repair | None = None) -> Finding:
    """What orders and payments said of an order, a payment or a refund."""
    one, other = statement
    return Finding(
        check=f"money.{kind}s",
        about=f"{kind} {(one or other or {})[f'{kind}_id']}",
        detail=wrong,
        facts={"orders": one, "payments": other},
        since=latest(one, other),
        repair=repair,
        advice=LOOK,
    )


CHECKS = [
    Check(
        name="money.orders",
        sentence="of each order, captured or receivable less refunded is what orders says is owed to it",
        look=orders,
        by_key=True,
        changes=(
            *(Feed("orders", table, "order_id") for table in ("orders", "refund")),
            *(Feed("payments", table, "order_id") for table in ("payments", "refunds", "ledger_postings")),
        ),
    ),
    Check(
        name="money.payments",
        sentence="a payment belongs to one checkout; money is kept for all confirmed ones, and for no others",
        look=payments,
        by_key=True,
        changes=(
            *(Feed("orders", table, "payment_id") for table in ("checkout", "orders", "saga")),
            *(Feed("payments", table, "payment_id") for table in ("payments", "refunds", "ledger_postings")),
        ),
    ),
    Check(
        name="money.refunds",
        sentence="orders and payments say the same of every refund",
        look=refunds,
        by_key=True,
        changes=(
            *(Feed("orders", table, "refund_id") for table in ("refund", "orders", "saga")),
            Feed("payments", "refunds", "refund_id"),
        ),
    ),
]
