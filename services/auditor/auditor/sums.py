"""Sums that one service compares itself: parts, refunds and unapplied receipts of payments; lines of orders."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from auditor.checks import Check, Counted, Feed, Finding, Json, Queries, Repair, timestamp
from auditor.joined import violations
from shared.contracts.orders import audit as orders_audit
from shared.contracts.payments import audit as payments_audit

IN_TRANSIT = timedelta(days=7)  # a refund to a bank card takes some working days
BY_HAND = "read the payment's ledger entries, and settle it by hand"
AT_THE_PROVIDER = "find the refund at the provider, and settle it there"


def payments(queries: Queries) -> Iterator[Counted | Finding]:
    """Payments whose parts, captures, refunds and ledger entries differ."""
    for one in violations(queries, payments_audit.AuditSums):
        yield one if isinstance(one, Counted) else _payment(one)


def _payment(found: Json) -> Finding:
    wrong = {
        f"its amount is {found['amount']}, of its parts {found['parts_amount']}": found["amount"]
        != found["parts_amount"],
        "the refunded amount of a part is not the sum of its refunds": found["refunds_differ"],
        "the ledger has another balance payable to the merchant": found["balance_differs"],
        "more was refunded or collected than the part's amount": found["too_much"],
        "it is posted to the accounts of another provider": found["other_provider"],
        f"{found['kept_captures']} captures are kept": (found["kept_captures"] or 0) > 1,
    }
    problems = [problem for problem, applies in wrong.items() if applies]
    problems = problems or [
        f"its parts have {found['captured'] or 0} captured, its captures sum to {found['captures_amount'] or 0}"
    ]
    about = f"payment {found['payment_id']}"
    return Finding(check="money.sums", about=about, detail="; ".join(problems), facts=found, advice=BY_HAND)


def unapplied_receipts(queries: Queries) -> Iterator[Counted | Finding]:
    """Receipts that are not kept and have no refund, or a failed or wrong one."""
    for one in violations(queries, payments_audit.AuditUnappliedReceipts):
        yield one if isinstance(one, Counted) else _unapplied(one)


def _unapplied(found: Json) -> Finding:
    has_none = found["refund_id"] is None
    repair = Repair(
        method=payments_audit.RefundUnappliedReceipt.contract.method,
        request={"capture_id": found["capture_id"]},
        description="refund it",
    )
    refund = "no refund" if has_none else f"a refund of {found['refund_amount']} that is {found['state']}"
    return Finding(
        check="money.unapplied_receipts",
        about=f"capture {found['capture_id']}",
        detail=f"{found['amount']} was received and is not kept, and there is {refund}",
        facts=found,
        repair=repair if has_none else None,
        advice=AT_THE_PROVIDER,
    )


def in_transit(queries: Queries) -> Iterator[Counted | Finding]:
    """Refunds that take too long, or for which no provider call is due."""
    before = datetime.now(UTC) - IN_TRANSIT
    for one in violations(queries, payments_audit.AuditInTransit, requested_before=before.isoformat()):
        yield one if isinstance(one, Counted) else _slow(one)


def _slow(found: Json) -> Finding:
    why = "and takes too long" if found["has_due_call"] else "and no provider call is due for it"
    return Finding(
        check="money.in_transit",
        about=f"refund {found['refund_id']}",
        detail=f"{found['amount']} has been {found['state']} since {found['since']} {why}",
        facts=found,
        advice=AT_THE_PROVIDER,
    )


def orders(queries: Queries) -> Iterator[Counted | Finding]:
    """Orders whose amounts, lines and refunds differ."""
    for one in violations(queries, orders_audit.AuditSums):
        yield one if isinstance(one, Counted) else _order(one)


def _order(found: Json) -> Finding:
    wrong = {
        f"its price is {found['priced']}, its lines sum to {found['paid']}": found["priced"] != found["paid"],
        f"refunded {found['refunded']}, its refunds sum to {found['refunds_amount']}": found["refunded"]
        != found["refunds_amount"],
        "its refunds claim other quantities than its lines": found["quantities_differ"],
        "units were shipped and restocked as well": found["shipped_and_restocked"],
        "it is being cancelled or refunded, and no saga is running": found["without_saga"],
    }
    return Finding(
        check="order.sums",
        about=f"order {found['order_id']}",
        detail="; ".join(problem for problem, applies in wrong.items() if applies),
        facts=found,
        since=timestamp(found["since"]),
        advice="read the order's refunds and parcels, and settle it with the shop",
    )


CHECKS = [
    Check(
        name="money.sums",
        sentence="a payment's parts, captures, refunds and ledger entries agree",
        run=payments,
        by_key=True,
        changes=tuple(
            Feed("payments", table, "payment_id")
            for table in ("payments", "captures", "refunds", "ledger_postings")
        ),
    ),
    Check(
        name="money.unapplied_receipts",
        sentence="money that is not kept is being refunded, or was",
        run=unapplied_receipts,
        by_key=True,
        changes=tuple(Feed("payments", table, "capture_id") for table in ("captures", "refunds")),
    ),
    Check(
        name="money.in_transit",
        sentence=f"a refund arrives within {IN_TRANSIT.days} days, and a provider call is due until then",
        run=in_transit,
        by_key=True,
    ),
    Check(
        name="order.sums",
        sentence="an order's price is the sum of its lines, its refunded amount of its refunds; no unit "
        "is shipped and restocked; a saga runs for what is being cancelled or refunded",
        run=orders,
        by_key=True,
        changes=tuple(Feed("orders", table, "order_id") for table in ("orders", "refund", "saga")),
    ),
]
