"""Refunds by order line: payments and orders agree on them, and they never exceed what was paid."""

from collections.abc import Iterator

from auditor.checks import Check, Counted, Feed, Finding, Json, Queries
from auditor.joined import Pair, joined, latest
from shared.contracts.orders import audit as orders_audit
from shared.contracts.payments import audit as payments_audit

NOTHING = {"refunded": 0, "running": 0, "counted": 0}
ADVICE = "compare the refunds of the order with the payment's lines, and settle it by hand"


def lines(queries: Queries) -> Iterator[Counted | Finding]:
    """Orders with a line whose refunded amount is not the sum of its refunds."""
    for order, part in joined(queries, orders_audit.AuditLines, payments_audit.AuditLines, "order_id"):
        yield Counted(1)
        if order and part and (wrong := _wrong(order, part)):  # `money.orders` finds orders that one service lacks
            yield _finding((order, part), wrong)


def _wrong(order: Json, part: Json) -> str | None:
    if unlisted := order["unlisted"] + part["unlisted"]:
        return f"{unlisted} refunds are not the sum of their lines"
    if (paid := sum(line["paid"] for line in part["lines"].values())) != part["amount"]:
        return f"{part['amount']} is payable for it, {paid} for its lines"
    if unknown := sorted(order["lines"].keys() - part["lines"].keys()):
        return f"payments knows no line {unknown[0]}"
    problems = (_line_wrong(order["lines"].get(line_id, NOTHING), line) for line_id, line in part["lines"].items())
    return next((wrong for wrong in problems if wrong), None)


def _line_wrong(in_orders: Json, line: Json) -> str | None:
    """What is wrong with a line; orders lists the shipping line only once something of it is refunded."""
    if in_orders.get("paid", line["paid"]) != line["paid"]:
        return f"a line costs {in_orders['paid']}, and {line['paid']} is payable for it"
    if line["refunded"] > line["paid"]:
        return f"{line['refunded']} is refunded of a line for which {line['paid']} was paid"
    if line["refunded"] != line["of_refunds"]:
        return f"payments has refunded {line['refunded']} of a line, its refunds sum to {line['of_refunds']}"
    if in_orders["counted"] != in_orders["refunded"]:
        return f"orders has refunded {in_orders['counted']} of a line, its refunds sum to {in_orders['refunded']}"
    if not in_orders["refunded"] <= line["requested"] <= in_orders["refunded"] + in_orders["running"]:
        of_orders = f"{in_orders['refunded']} of a line refunded and {in_orders['running']} in progress"
        return f"orders has {of_orders}, payments {line['requested']}"
    return None


def _finding(documents: Pair, wrong: str) -> Finding:
    order, part = documents
    assert order
    return Finding(
        check="money.lines",
        about=f"order {order['order_id']}",
        detail=wrong,
        facts={"orders": order, "payments": part},
        since=latest(order, part),
        advice=ADVICE,
    )


CHECKS = [
    Check(
        name="money.lines",
        sentence="a refund is the sum of its lines; no line is refunded above what was paid for it, "
        "and payments and orders agree on each line",
        run=lines,
        by_key=True,
        changes=(
            *(Feed("orders", table, "order_id") for table in ("orders", "refund")),
            *(Feed("payments", table, "order_id") for table in ("payments", "refunds")),
        ),
    ),
]
