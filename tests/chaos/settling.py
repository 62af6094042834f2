"""After the storm: everything drains, and the system's own books are looked at. Blocking; called in a thread."""

from collections.abc import Iterator

from sqlalchemy import NullPool, create_engine, text

from local import draining
from local.waiting import TooLate, wait_until

DRAINED_WITHIN = 90.0
UNPAID = "SELECT count(*) FROM provider_calls WHERE due_at IS NOT NULL"
# service → what must not be, and a query that counts it
FORBIDDEN = {
    "every": {"messages that could never be sent": "SELECT count(*) FROM outbox WHERE failed_at IS NOT NULL"},
    "orders": {"stuck or unended sagas": "SELECT count(*) FROM saga WHERE status NOT IN ('done', 'undone')"},
    "catalog": {
        "SKUs whose stock is not their journal's": """
            SELECT count(*) FROM stock s WHERE on_hand <>
            (SELECT coalesce(sum(change), 0) FROM stock_journal j WHERE j.sku_id = s.sku_id)""",
        "SKUs still reserved": "SELECT count(*) FROM stock WHERE reserved <> 0",
    },
    "payments": {
        "currencies out of balance": """
            SELECT count(*) FROM
            (SELECT currency FROM ledger_accounts GROUP BY currency HAVING sum(balance) <> 0) AS unbalanced"""
    },
    "marketing": {"coupons still held": "SELECT count(*) FROM coupons WHERE state = 'held'"},
}


def drain(stage) -> Iterator[str]:
    """Wait until nothing is under way; what still is, is a violation."""
    try:
        draining.wait_until_drained(stage.site, stage.private, DRAINED_WITHIN)
        payments = stage.site.databases["payments"]
        wait_until(
            lambda: not _count(payments, UNPAID),
            "the provider is asked nothing more",
            seconds=DRAINED_WITHIN,
            every=0.5,
        )
        draining.wait_until_drained(stage.site, stage.private, DRAINED_WITHIN)
    except TooLate as late:
        yield str(late)


def audit(stage) -> Iterator[str]:
    """What is in the databases and must not be."""
    for service, url in stage.site.databases.items():
        for what, query in {**FORBIDDEN["every"], **FORBIDDEN.get(service, {})}.items():
            if count := _count(url, query):
                yield f"{service}: {count} {what}"


def _count(url, query):
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return connection.execute(text(query)).scalar_one()
