"""Sums that a service compares by itself: parts, refunds and unapplied receipts of payments; lines of orders."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from auditor.checks import Check, Counted, Feed, Finding, Json, Queries, Repair, timestamp
from auditor.joined import sieved
from shared.contracts.orders import audit as orders_audit
from shared.contracts.payments import audit as payments_audit

IN_TRANSIT = timedelta(days=7)  # a provider takes some working days to bring money to a bank card
LOOK = "read the payment's ledger entries, and settle it by hand"
AT_THE_PROVIDER = "look for the refund at the provider, and settle it there"


def payments(queries: Queries) -> Iterator[Counted | Finding]:
    """Payments whose parts, captures, refunds and books do not say the same."""
    for one in sieved(queries, payments_audit.AuditSums):
        yield one if isinstance(one, Counted) else _payment(one)


def _payment(found: Json) -> Finding:
    wrong = {
        f"it is of {found['amount']}, its parts of {found['shared_out']}": found["amount"] != found["shared_out"],
        "a part's refunded is not the sum of its refunds": found["refunded_otherwise"],
        "the books owe the merchant something else": found["booked_otherwise"],
        "more was refunded or taken than there is": found["too_much"],
        "it is booked on the accounts of another provider": found["booked_elsewhere"],
        f"{found['times']} captures are kept": (found["times"] or 0) > 1,
    }
    statement = [sentence for sentence, holds in wrong.items() if holds]
    statement = statement or [
        f"its parts say {found['captured'] or 0} was captured, its captures {found['taken'] or 0}"
    ]
    about = f"payment {found['payment_id']}"
    return Finding(check="money.sums", about=about, detail="; ".join(statement), facts=found, advice=LOOK)


def unapplied_receipts(queries: Queries) -> Iterator[Counted | Finding]:
    """Money that is not kept, and not on its way back."""
    for one in sieved(queries, payments_audit.AuditUnappliedReceipts):
        yield one if isinstance(one, Counted) else _unapplied(one)


def _unapplied(found: Json) -> Finding:
    nobody = found["refund_id"] is None
    repair = Repair(
        method=payments_audit.RefundUnappliedReceipt.contract.method,
        request={"capture_id": found["capture_id"]},
        words="send it back",
    )
    refund = "no refund" if nobody else f"a refund of {found['going_back']} that is {found['state']}"
    return Finding(
        check="money.unapplied_receipts",
        about=f"capture {found['capture_id']}",
        detail=f"{found['amount']} came in and is not kept, and there is {refund}",
        facts=found,
        repair=repair if nobody else None,
        advice=AT_THE_PROVIDER,
    )


def in_transit(queries: Queries) -> Iterator[Counted | Finding]:
    """Refunds that take too long, or that nobody asks the provider about."""
    before = datetime.now(UTC) - IN_TRANSIT
    for one in sieved(queries, payments_audit.AuditInTransit, requested_before=before.isoformat()):
        yield one if isinstance(one, Counted) else _slow(one)


def _slow(found: Json) -> Finding:
    why = "and takes too long" if found["carried"] else "and nobody asks the provider about it"
    return Finding(
        check="money.in_transit",
        about=f"refund {found['refund_id']}",
        detail=f"{found['amount']} is {found['state']} since {found['since']} {why}",
        facts=found,
        advice=AT_THE_PROVIDER,
    )


def orders(queries: Queries) -> Iterator[Counted | Finding]:
    """Orders that do not add up in themselves."""
    for one in sieved(queries, orders_audit.AuditSums):
        yield one if isinstance(one, Counted) else _order(one)


def _order(found: Json) -> Finding:
    wrong = {
        f"it is priced {found['priced']}, its lines {found['paid']}": found["priced"] != found["paid"],
        f"refunded {found['refunded']}, its refunds say {found['given']}": found["refunded"] != found["given"],
        "its refunds claim other pieces than its lines say": found["claimed_otherwise"],
        "pieces were sent and brought back to stock as well": found["sent_and_kept"],
        "it is being cancelled or refunded, and no saga is at it": found["forgotten"],
    }
    return Finding(
        check="order.sums",
        about=f"order {found['order_id']}",
        detail="; ".join(sentence for sentence, holds in wrong.items() if holds),
        facts=found,
        since=timestamp(found["since"]),
        advice="read the order's refunds and parcels, and settle it with the shop",
    )


CHECKS = [
    Check(
        name="money.sums",
        sentence="a payment's parts, captures, refunds and ledger entries say the same",
        look=payments,
        by_key=True,
        changes=tuple(
            Feed("payments", table, "payment_id")
            for table in ("payments", "captures", "refunds", "ledger_postings")
        ),
    ),
    Check(
        name="money.unapplied_receipts",
        sentence="money that is not kept is on its way back, or there",
        look=unapplied_receipts,
        by_key=True,
        changes=tuple(Feed("payments", table, "capture_id") for table in ("captures", "refunds")),
    ),
    Check(
        name="money.in_transit",
        sentence=f"a refund arrives within {IN_TRANSIT.days} days, and somebody carries it until then",
        look=in_transit,
        by_key=True,
    ),
    Check(
        name="order.sums",
        sentence="an order's price is its lines', its refunded money its refunds'; no piece was sent and kept, "
        "and a saga is at what is being cancelled or refunded",
        look=orders,
        by_key=True,
        changes=tuple(Feed("orders", table, "order_id") for table in ("orders", "refund", "saga")),
    ),
]
