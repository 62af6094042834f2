"""What is copied to fill a system: purchases with all that the services keep of them, messages, products.

The rows are those that the services stored for the purchases measured before. Old orders are a month to a year
old, and have what the services keep at that age (docs/retention.md): sagas and calls of providers for 90 days, all
else for longer. Messages and answers are kept for a week, and are copied with ages of days.
"""

from bench.copies import KEPT, Table

CHECKOUTS = "(SELECT unnest(CAST(:checkouts AS uuid[])))"
ORDERS = f"(SELECT order_id FROM orders WHERE checkout_id IN {CHECKOUTS})"
SAGAS = f"(SELECT saga_id FROM saga WHERE name = 'orders.checkout' AND business_key::uuid IN {CHECKOUTS})"
PAYMENTS = f"(SELECT payment_id FROM payments WHERE checkout_id IN {CHECKOUTS})"
POSTINGS = f"(SELECT posting_id FROM ledger_postings WHERE payment_id IN {PAYMENTS})"
CALLS = 88  # days for which ended sagas and calls of providers are kept, less what a run takes
UNIQUE = "{0} || '-' || :number"


def _of(name: str, column: str, among: str, **more: object) -> Table:
    return Table(name=name, rows=f"SELECT * FROM {name} WHERE {column} IN {among}", **more)


def _in_order(name: str, column: str, among: str, **more: int) -> Table:
    return Table(name=name, rows=f"SELECT * FROM {name} WHERE {column} IN {among} ORDER BY position", **more)


# By service; the tables of an order, oldest first in each.
PURCHASES = {
    "catalog": [
        _of("stock_claim", "checkout_id", CHECKOUTS),
        _of("reservation", "checkout_id", CHECKOUTS),
        _in_order("stock_journal", "source_id", CHECKOUTS),
    ],
    "orders": [
        _of("checkout", "checkout_id", CHECKOUTS),
        _of(
            "orders", "checkout_id", CHECKOUTS, changed={"number": UNIQUE.format("number"), "state": "'completed'"}
        ),
        _of("order_line", "order_id", ORDERS),
        _in_order("order_step", "order_id", ORDERS),
        _of("saga", "saga_id", SAGAS, texts=frozenset({"business_key"}), days=CALLS),
        _in_order("saga_transition", "saga_id", SAGAS, days=CALLS),
    ],
    "payments": [
        _of("payments", "payment_id", PAYMENTS),
        _of("payment_parts", "payment_id", PAYMENTS),
        _of("payment_lines", "payment_id", PAYMENTS),
        _of("attempts", "payment_id", PAYMENTS),
        _of("captures", "payment_id", PAYMENTS, changed={"transaction_id": UNIQUE.format("transaction_id")}),
        _of("ledger_postings", "posting_id", POSTINGS),
        _of("ledger_entries", "posting_id", POSTINGS),
        _of("provider_calls", "about", PAYMENTS, days=CALLS),
        Table(
            name="provider_notifications",
            rows=f"""SELECT * FROM provider_notifications WHERE process_at IS NULL
                AND about ->> 'transaction_id' IN
                (SELECT transaction_id FROM captures WHERE payment_id IN {PAYMENTS})""",
            changed={"event_id": UNIQUE.format("event_id")},
        ),
    ],
    "users": [
        Table(
            name="message",
            rows="""SELECT * FROM message WHERE template = 'order_confirmed' AND mail_state = 'sent'
                AND created_at BETWEEN :began AND :ended""",
        ),
        Table(
            name="provider_calls",
            rows="SELECT * FROM provider_calls WHERE due_at IS NULL AND requested_at BETWEEN :began AND :ended",
            days=CALLS,
        ),
    ],
}

# What was sent and handled while these purchases were made.
SENT = Table(
    name="outbox",
    rows="""SELECT * FROM outbox WHERE sent_at IS NOT NULL AND failed_at IS NULL
        AND created_at BETWEEN :began AND :ended ORDER BY position""",
    numbered=True,
)
HANDLED = Table(name="inbox", rows="SELECT * FROM inbox WHERE received_at BETWEEN :began AND :ended")
ANSWERS = Table(
    name="idempotency",
    rows="SELECT * FROM idempotency WHERE operation = 'check_out' AND created_at BETWEEN :began AND :ended",
    changed={"key": UNIQUE.format("key")},
)
MESSAGES = {
    name: [SENT, HANDLED] + [ANSWERS] * (name == "orders")
    for name in ("catalog", "orders", "payments", "users", "marketing")
}

# Products: their copies have ids of their own, and as many pieces as were ever received.
LISTED = "(SELECT product_id FROM {0} WHERE shop_id = :shop_id)"
IN_SHOP, OF_SHOP = LISTED.format("product"), LISTED.format("products")
OWN = KEPT - {"sku_id", "product_id"}
SKUS = f"(SELECT sku_id FROM sku WHERE product_id IN {IN_SHOP})"
RECEIVED = f"stock_journal WHERE kind = 'received' AND sku_id IN {SKUS}"
PRODUCTS = {
    "catalog": [
        _of("product", "product_id", IN_SHOP, kept=OWN, changed={"handle": UNIQUE.format("handle")}),
        _of("sku", "product_id", IN_SHOP, kept=OWN),
        Table(
            name="stock",
            rows=f"SELECT sku_id, sum(change)::integer AS on_hand, 0 AS reserved FROM {RECEIVED} GROUP BY sku_id",
            kept=OWN,
        ),
        Table(name="stock_journal", rows=f"SELECT * FROM {RECEIVED} ORDER BY position", kept=OWN),
    ],
    "marketing": [
        _of("products", "product_id", OF_SHOP, kept=OWN),
        _of("prices", "product_id", OF_SHOP, kept=OWN),
    ],
}

# Afterwards, so that the books add up: categories count the copies, the stock that was sold had been received, and
# balances contain the copied entries.
COUNTED = """
    SELECT count_in_categories(category, CAST(count(*) * :passes AS integer)) FROM original_product
    WHERE shelf = 'on_shelf' AND category IS NOT NULL GROUP BY category
"""
RESTOCKED = """
    INSERT INTO stock_journal (sku_id, kind, change, reason, at, modified_at)
    SELECT sku_id, 'received', -sum(change) * :passes, '', oldest, oldest
    FROM original_stock_journal, (SELECT now() - make_interval(secs => :seconds) AS oldest) AS dated
    GROUP BY sku_id, oldest
"""
BALANCED = """
    UPDATE ledger_accounts SET balance = balance + added * :passes
    FROM (SELECT account, currency, sum(amount) AS added FROM original_ledger_entries GROUP BY 1, 2) AS entered
    WHERE name = account AND ledger_accounts.currency = entered.currency
    RETURNING name, ledger_accounts.currency, added * :passes
"""
AFTER_PRODUCTS = {"catalog": COUNTED}
AFTER_PURCHASES = {"catalog": RESTOCKED, "payments": BALANCED}
