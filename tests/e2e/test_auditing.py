"""The auditor as a separate process, over RabbitMQ, on the whole system."""

from sqlalchemy import create_engine, text

from local.auditing import audit
from local.draining import wait_until_drained
from tests.e2e.people import until

FINDING = """
    INSERT INTO audit_finding
        (finding_id, invariant, about, detail, facts, first_seen_at, last_seen_at, repair, advice)
    VALUES (gen_random_uuid(), 'stock.claims', 'checkout ' || :checkout_id, 'reserved', '{}', now(), now(),
        jsonb_build_object(
            'method', 'orders.release_orphan',
            'request', jsonb_build_object('checkout_id', :checkout_id, 'what', 'stock'),
            'description', jsonb_build_object('zh', '释放', 'en', 'release')),
        '{"zh": "核对", "en": "compare"}')
    RETURNING finding_id::text
"""


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


def test_operators_see_the_last_audit_of_the_running_auditor(operator):
    shown = until(lambda: operator.get("/operator/audit"), lambda audit: audit["state"] != "unknown")
    invariants = {each["name"]: each for each in shown["invariants"]}
    assert len(invariants) > 20
    assert all(each["means"]["zh"] != each["means"]["en"] for each in invariants.values())
    assert {each["blind"] for each in invariants.values()} == {None}
    assert operator.get("/operator/overview")["auditor"]["state"] == "ready"


def test_an_operator_has_a_finding_repaired_in_their_own_name(shop_system, servers, operator):
    """The finding is inserted, since the auditor waits for half an hour before it counts."""
    site = shop_system.site
    wait_until_drained(site, servers)
    with create_engine(site.databases["catalog"]).begin() as connection:
        checkout_id = connection.execute(text(HOLD)).scalar_one()
    with create_engine(site.databases["users"]).begin() as connection:
        finding_id = connection.execute(text(FINDING), {"checkout_id": checkout_id}).scalar_one()
    path = f"/operator/audit/findings/{finding_id}/repair"
    assert operator.refused("POST", path, {}) == (422, "request_invalid")
    assert operator.post(path, {"reason": "the stock is needed"})["repaired"]
    assert not operator.post(path, {"reason": "once more"})["repaired"]
    me = operator.get("/me")["user_id"]
    entries = operator.get("/operator/log", about=f"checkout {checkout_id}")["items"]
    assert [(one["service"], one["action"], one["actor"]) for one in entries] == [
        ("orders", "audit.release_stock", me)
    ]
    reasons = operator.get("/operator/log", about=f"finding {finding_id}")["items"]
    assert {one["note"] for one in reasons} == {"the stock is needed", "once more"}
    wait_until_drained(site, servers)
    clean = audit(site)
    assert clean.status == 0, clean.text
