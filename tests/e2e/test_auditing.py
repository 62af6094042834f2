"""The auditor as a separate process, over RabbitMQ, on the whole system."""

from sqlalchemy import create_engine, text

from local.auditing import audit
from local.draining import wait_until_drained


def test_a_system_with_sales_is_clean_and_the_auditor_reports_its_counts(shop_system, servers):
    wait_until_drained(shop_system.site, servers)
    ended = audit(shop_system.site)
    assert ended.status == 0, ended.text
    for invariant in ("stock.levels", "messages.handled", "sagas.in_time"):
        assert invariant in ended.text


HOLD = """
    WITH chosen AS (SELECT sku_id FROM stock WHERE on_hand > reserved LIMIT 1),
    claimed AS (INSERT INTO stock_claim (checkout_id, state, decided_at)
        VALUES (gen_random_uuid(), 'reserved', now()) RETURNING checkout_id),
    held AS (INSERT INTO reservation (checkout_id, order_id, sku_id, quantity, state)
        SELECT checkout_id, gen_random_uuid(), sku_id, 1, 'open' FROM claimed, chosen)
    UPDATE stock SET reserved = reserved + 1 FROM chosen, claimed WHERE stock.sku_id = chosen.sku_id
    RETURNING claimed.checkout_id::text
"""


def test_stock_reserved_for_an_unknown_checkout_is_found_and_released(shop_system, servers):
    site = shop_system.site
    wait_until_drained(site, servers)
    with create_engine(site.databases["catalog"]).begin() as connection:
        checkout_id = connection.execute(text(HOLD)).scalar_one()
    found = audit(site)
    assert found.status == 1
    assert f"checkout {checkout_id}: the checkout is unknown to orders" in found.text
    assert f"checkout {checkout_id}: release its stock: done" in audit(site, repair=True).text
    wait_until_drained(site, servers)
    clean = audit(site)
    assert clean.status == 0, clean.text
