"""No valid text is too long for an index: every indexed text is bounded, and its entry fits.

PostgreSQL refuses a row with an index entry longer than a third of a page. It compresses repetitions, so only
texts of rare characters, four bytes each, reach the limit.
"""

import pytest
from sqlalchemy import create_engine, text

from local.system import SERVICES
from shared.testing import fresh_database
from shared.testing.databases import drop_database

LARGEST = 2704  # bytes of an index entry
OTHER = 16  # bytes of a column that is not a text, at most
WORD = 64  # characters of a text that only the code sets: a state, a topic, the name of a consumer

# The longest content of each column in characters; longer input is refused.
EVERYWHERE = {
    "alembic_version.version_num": WORD,
    "dead_letter.copy": WORD,  # a digest
    "dead_letter.state": WORD,
    "dead_letter.topic": 255,
    "idempotency.caller": WORD,
    "idempotency.key": 255,
    "idempotency.operation": WORD,
    "inbox.consumer": WORD,
    "subscriptions.consumer": WORD,
    "subscriptions.topic": WORD,
    "operator_log.about": WORD,
    "operator_log.actor": WORD,
    "proven.check_name": WORD,
    "switches.name": WORD,  # of the manifest
}
OWN = {
    "catalog": {
        "category.path": 280,  # 255 as in requests, plus the blanks of eight levels
        "category_count.path": 280,
        "product.category": 280,
        "product.handle": 255,
        "product.shelf": WORD,
        "product_import.idempotency_key": 255,
        "shop.slug": 40,
        "sku.code": 255,
    },
    "orders": {
        "carrier_report.carrier": 40,
        "carrier_report.event": WORD,
        "carrier_report.tracking_number": 64,
        "orders.number": WORD,
        "orders.state": WORD,
        "parcel.carrier": 40,
        "parcel.tracking_number": 64,
        "refund.state": WORD,
        "parcel_trace.event": WORD,
        "saga.business_key": WORD,
        "saga.name": WORD,
        "saga.status": WORD,
        "saga_lock.resource": WORD,
        "saga_summary.name": WORD,
        "saga_summary.status": WORD,
    },
    "users": {
        "audit_finding.about": 200,
        "audit_finding.invariant": 60,
        "audit_invariant.name": 60,
        "audit_quarter.invariant": 60,
        "provider_calls.kind": WORD,
        "saga.business_key": WORD,
        "saga.name": WORD,
        "saga.status": WORD,
        "saga_lock.resource": WORD,
        "saga_summary.name": WORD,
        "saga_summary.status": WORD,
        "shop.lower(name)": 100,
        "shop.slug": 40,
    },
    "payments": {
        "captures.provider": WORD,
        "captures.transaction_id": 64,  # the provider's own numbers, from signed notifications
        "manual_settlements.proof": 200,
        "ledger_accounts.currency": 3,
        "ledger_accounts.name": WORD,
        "ledger_entries.account": WORD,
        "ledger_entries.currency": 3,
        "ledger_postings.kind": WORD,
        "provider_calls.kind": WORD,
        "provider_notifications.event_id": 64,
        "provider_notifications.provider": WORD,
        "provider_notifications.\"left\"(about ->> 'out_trade_no'::text, 64)": 64,
        "refund_attempts.provider_number": 64,
        "unidentified.kind": WORD,
        "unidentified.number": 64,
        "unidentified.provider": WORD,
        "unidentified.provider_number": 64,
        "unidentified.why": WORD,
    },
    "marketing": {"coupons.state": WORD},
}
KEYS = """
    SELECT i.relname AS index, c.relname || '.' || pg_get_indexdef(i.oid, k.n, true) AS key,
           t.typcategory IN ('S', 'A') AS long
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_am am ON am.oid = i.relam AND am.amname = 'btree'
    CROSS JOIN LATERAL generate_series(1, x.indnatts) AS k (n)
    JOIN pg_attribute a ON a.attrelid = i.oid AND a.attnum = k.n JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = 'public'::regnamespace
"""


@pytest.fixture(params=SERVICES)
def indexes(request):
    """A service's name, and its indexes: their columns, and whether each is a text or an array."""
    url = fresh_database(request.param)
    engine = create_engine(url)
    found = {}
    with engine.connect() as connection:
        for index, key, long in connection.execute(text(KEYS)):
            found.setdefault(index, []).append((key, long))
    engine.dispose()
    drop_database(url)
    return request.param, found


def test_every_indexed_text_is_bounded_so_that_its_entry_fits(indexes):
    service, found = indexes
    bounds = EVERYWHERE | OWN[service]
    for index, keys in found.items():
        unbounded = [key for key, long in keys if long and key not in bounds]
        assert unbounded == [], f"{index}: add its longest length here, or index its digest"
        assert sum(4 * bounds[key] if long else OTHER for key, long in keys) <= LARGEST, index
