"""What goes back of each line of an order: as refunds say, in payments as in orders, and no more than was paid."""

from collections.abc import Iterator

from auditor.checks import Check, Counted, Feed, Finding, Json, Queries
from auditor.joined import Pair, joined, latest
from shared.contracts.orders import audit as orders_audit
from shared.contracts.payments import audit as payments_audit

NOTHING = {"refunded": 0, "running": 0, "counted": 0}
LOOK = "compare the refunds of the order with the payment's lines, and settle it by hand"


def lines(queries: Queries) -> Iterator[Counted | Finding]:
    """Orders of which something else goes back of a line than its refunds say."""
    for order, part in joined(queries, orders_audit.AuditLines, payments_audit.AuditLines, "order_id"):
        yield Counted(1)
        if order and part and (wrong := _wrong(order, part)):  # what one lacks, `money.orders` finds
            yield _finding((order, part), wrong)


def _wrong(order: Json, part: Json) -> str | None:
    if unlisted := order["unlisted"] + part["unlisted"]:
        return f"{unlisted} refunds are not what their lines are together"
    if (paid := sum(line["paid"] for line in part["lines"].values())) != part["amount"]:
        return f"{part['amount']} was to be paid for it, {paid} for its lines"
    if unknown := sorted(order["lines"].keys() - part["lines"].keys()):
        return f"payments knows no line {unknown[0]}"
    told = (_line_wrong(order["lines"].get(line_id, NOTHING), line) for line_id, line in part["lines"].items())
    return next((wrong for wrong in told if wrong), None)


def _line_wrong(requested: Json, line: Json) -> str | None:
    """Of shipping orders says nothing as long as nothing goes back of it."""
    if requested.get("paid", line["paid"]) != line["paid"]:
        return f"a line cost {requested['paid']}, and {line['paid']} was to be paid for it"
    if line["refunded"] > line["paid"]:
        return f"{line['refunded']} goes back of a line for which {line['paid']} was paid"
    if line["refunded"] != line["of_refunds"]:
        return f"payments has {line['refunded']} go back of a line, its refunds say {line['of_refunds']}"
    if requested["counted"] != requested["refunded"]:
        return (
            f"orders counts {requested['counted']} as refunded of a line, its refunds say {requested['refunded']}"
        )
    if not requested["refunded"] <= line["requested"] <= requested["refunded"] + requested["running"]:
        statement = f"{requested['refunded']} has gone back of a line and {requested['running']} is about to"
        return f"orders says that {statement}, payments that {line['requested']} does"
    return None


def _finding(statement: Pair, wrong: str) -> Finding:
    order, part = statement
    assert order
    return Finding(
        check="money.lines",
        about=f"order {order['order_id']}",
        detail=wrong,
        facts={"orders": order, "payments": part},
        since=latest(order, part),
        advice=LOOK,
    )


CHECKS = [
    Check(
        name="money.lines",
        sentence="a refund is what its lines are together; of no line goes back more than was paid for it, "
        "and in payments as much as in orders",
        look=lines,
        by_key=True,
        changes=(
            *(Feed("orders", table, "order_id") for table in ("orders", "refund")),
            *(Feed("payments", table, "order_id") for table in ("payments", "refunds")),
        ),
    ),
]
