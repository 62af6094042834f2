"""Many consistent orders, made by SQL: paid, posted, their stock committed; one in ten with a coupon."""

from sqlalchemy import text

# An id begins with the number of its order, as a UUIDv7 begins with its time; `kind` distinguishes tables.
ID = """
    CREATE FUNCTION pg_temp.id(kind int, i bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$
        SELECT CAST('0190' || lpad(to_hex(i), 8, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8'
            || repeat('0', 15) AS uuid)
    $$
"""
SHOPS, SKUS, OLD = 50, 2000, "now() - interval '1 day'"
ids = "pg_temp.id(0, i) AS checkout_id, pg_temp.id(1, i) AS order_id, pg_temp.id(2, i) AS payment_id"
EACH = f"(SELECT i, {ids}, pg_temp.id(4, i % {SHOPS}) AS shop_id FROM generate_series(1, :n) AS i) AS each"

CATALOG = [
    f"INSERT INTO stock SELECT pg_temp.id(3, s), 1000, 0 FROM generate_series(0, {SKUS - 1}) AS s",
    f"""INSERT INTO stock_journal (sku_id, kind, change, reason, at)
        SELECT pg_temp.id(3, s), 'received', 1000 + 2 * (:n / {SKUS} + (s > 0 AND s <= :n % {SKUS})::int), '',
        {OLD} FROM generate_series(0, {SKUS - 1}) AS s""",
    f"""INSERT INTO stock_claim (checkout_id, state, decided_at)
        SELECT checkout_id, 'committed', {OLD} FROM {EACH}""",
    f"""INSERT INTO reservation (checkout_id, order_id, sku_id, quantity, state)
        SELECT checkout_id, order_id, pg_temp.id(3, i % {SKUS}), 2, 'committed' FROM {EACH}""",
    f"""INSERT INTO stock_journal (sku_id, kind, change, reason, source_id, at)
        SELECT pg_temp.id(3, i % {SKUS}), 'committed', -2, '', checkout_id, {OLD} FROM {EACH}""",
]
COUPON = "jsonb_build_array(jsonb_build_object('kind', 'coupon', 'coupon_id', pg_temp.id(7, i)))"
ORDERS = [
    f"""INSERT INTO checkout (checkout_id, quote_id, buyer_id, payment_id, method, total, currency, state, address,
        contact, note, benefits, taken_from_cart, expires_at, created_at)
        SELECT checkout_id, pg_temp.id(9, i), pg_temp.id(9, i % 1000), payment_id, 'wechat', 200, 'CNY',
        'confirmed', '{{}}', '{{}}', '', CASE i % 10 WHEN 0 THEN {COUPON} ELSE '[]' END, '{{}}', {OLD}, {OLD}
        FROM {EACH}""",
    f"""INSERT INTO orders (order_id, number, checkout_id, payment_id, shop_id, buyer_id, state, currency, goods,
        discount, shipping, total, refunded, version, placed_at, updated_at)
        SELECT order_id, 'N' || i, checkout_id, payment_id, shop_id, pg_temp.id(9, i % 1000),
        'completed', 'CNY', 200, 0, 0, 200, 0, 1, {OLD}, {OLD} FROM {EACH}""",
    f"""INSERT INTO order_line (line_id, order_id, position, product_id, sku_id, title, options, quantity,
        unit_price, discount, paid, why, claimed_quantity, claimed_amount)
        SELECT pg_temp.id(5, i), order_id, 1, pg_temp.id(9, 1), pg_temp.id(3, i % {SKUS}),
        't', '', 2, 100, 0, 200, '[]', 0, 0 FROM {EACH}""",
    f"""INSERT INTO saga (saga_id, name, business_key, version, status, attempt, tries, undo, met, state,
        started_at, updated_at) SELECT pg_temp.id(9, i), 'orders.checkout', checkout_id::text, 1, 'done', 1, 0,
        '[]', '[]', '{{}}', {OLD}, {OLD} FROM {EACH}""",
]
PAYMENTS = [
    f"""INSERT INTO payments (payment_id, checkout_id, method, provider, collection, amount, currency, description,
        state, attempt_id, version, expires_at, captured_at, created_at) SELECT payment_id, checkout_id, 'wechat',
        'wechat', 'prepaid', 200, 'CNY', '', 'captured', pg_temp.id(9, i), 1, {OLD}, {OLD}, {OLD} FROM {EACH}""",
    f"INSERT INTO payment_parts SELECT payment_id, order_id, shop_id, 200, 0, 200, 0, 0 FROM {EACH}",
    f"""INSERT INTO payment_lines SELECT payment_id, order_id, pg_temp.id(5, i), 0, 'goods', NULL, 2, 200, 0, 0, 0
        FROM {EACH}""",
    f"INSERT INTO attempts SELECT pg_temp.id(9, i), payment_id, 'wechat', {OLD} FROM {EACH}",
    f"""INSERT INTO captures SELECT pg_temp.id(8, i), 'wechat', i::text, payment_id, pg_temp.id(9, i), 200, 'CNY',
        'kept', {OLD} FROM {EACH}""",
    f"""INSERT INTO ledger_postings (posting_id, kind, about, payment_id, posted_at)
        SELECT pg_temp.id(6, i), 'captured', pg_temp.id(8, i), payment_id, {OLD} FROM {EACH}""",
    f"INSERT INTO ledger_entries SELECT pg_temp.id(6, i), 0, 'provider_clearing:wechat', 'CNY', 200 FROM {EACH}",
    f"""INSERT INTO ledger_entries SELECT pg_temp.id(6, i), 1, 'merchant_payable:' || shop_id, 'CNY', -200,
        order_id FROM {EACH}""",
    """INSERT INTO ledger_accounts (name, currency, code, shop_id, balance, provider)
        SELECT account, currency, split_part(account, ':', 1),
        CAST(nullif(substring(account FROM 'payable:(.*)'), '') AS uuid), sum(amount),
        substring(account FROM 'clearing:(.*)') FROM ledger_entries GROUP BY account, currency""",
]
TENTH = f"{EACH} WHERE i % 10 = 0"
MARKETING = [
    """INSERT INTO campaigns SELECT pg_temp.id(9, 0), pg_temp.id(4, 0), '', '', 100, 10, 'CNY', greatest(:n, 10),
        greatest(:n, 10), :n / 10, now() - interval '2 days', now()""",
    f"""INSERT INTO coupons SELECT pg_temp.id(7, i), pg_temp.id(9, 0), pg_temp.id(9, i % 1000), i, 'redeemed',
        checkout_id, now() FROM {TENTH}""",
    f"""INSERT INTO benefits (checkout_id, state, held, changed_at)
        SELECT checkout_id, 'redeemed', {COUPON}, {OLD} FROM {TENTH}""",
    *(
        f"""INSERT INTO coupon_transitions (coupon_id, move, checkout_id, moved_at)
        SELECT pg_temp.id(7, i), '{move}', {"NULL" if move == "issue" else "checkout_id"}, {OLD} FROM {TENTH}"""
        for move in ("issue", "hold", "redeem")
    ),
]
FILLED = {"catalog": CATALOG, "orders": ORDERS, "payments": PAYMENTS, "marketing": MARKETING}


def fill(engine, name, orders):
    """Fill a service's empty database with its part of so many orders; returns the number of rows."""
    with engine.begin() as connection:
        for setting in ("session_replication_role = replica", "statement_timeout = 0"):
            connection.execute(text(f"SET LOCAL {setting}"))
        connection.execute(text(ID))
        rows = sum(connection.execute(text(statement), {"n": orders}).rowcount for statement in FILLED[name])
        connection.execute(text("ANALYZE"))
        return rows
