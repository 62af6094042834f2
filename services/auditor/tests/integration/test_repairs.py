"""Safe repairs are carried out once, by the owning service, with an entry in its operator log."""

import pytest

from auditor.repairs import carry_out
from shared.ids import new_id
from tests.model.queries import AUDITOR

HELD = ("UPDATE stock_claim SET state = 'reserved' WHERE checkout_id = :id",
        "UPDATE reservation SET state = 'open' WHERE checkout_id = :id",
        "UPDATE stock SET reserved = reserved + 2 WHERE sku_id = :first",
        "UPDATE stock SET reserved = reserved + 1 WHERE sku_id = :second")  # fmt: skip
CANCELLED = ("UPDATE checkout SET state = 'cancelled', reason = 'cancelled' WHERE checkout_id = :id",
             "UPDATE orders SET state = 'cancelled', reason = 'cancelled' WHERE checkout_id = :id")  # fmt: skip


def orphaned_stock(shop):
    first, second = shop.day.shop.skus
    shop.sql("catalog", *HELD, id=shop.id("never_paid"), first=first, second=second)
    return "orders", f"checkout {shop.id('never_paid')}", "audit.release_stock"


def stock_of_an_unknown_checkout(shop):
    checkout_id, order_id = str(new_id()), str(new_id())
    held = (
        "INSERT INTO stock_claim (checkout_id, state) VALUES (:id, 'reserved')",
        """INSERT INTO reservation (checkout_id, order_id, sku_id, quantity, state)
            VALUES (:id, :order, :sku, 1, 'open')""",
        "UPDATE stock SET reserved = reserved + 1 WHERE sku_id = :sku",
    )
    for statement in held:
        shop.sql("catalog", statement, id=checkout_id, order=order_id, sku=shop.day.shop.skus[0])
    return "orders", f"checkout {checkout_id}", "audit.release_stock"


def coupon_of_an_unknown_checkout(shop):
    checkout_id = str(new_id())
    free = "UPDATE coupons SET state = 'held', checkout_id = :id WHERE coupon_id = :coupon"
    move = """INSERT INTO coupon_transitions (coupon_id, move, checkout_id, moved_at)
        VALUES (:coupon, 'hold', :id, now())"""
    held = """INSERT INTO benefits (checkout_id, state, held, changed_at) VALUES (:id, 'held',
        jsonb_build_array(jsonb_build_object('kind', 'coupon', 'coupon_id', CAST(:coupon AS text))), now())"""
    coupon_id = shop.one("marketing", "SELECT coupon_id FROM coupons WHERE state = 'free' LIMIT 1")
    shop.sql("marketing", free, move, id=checkout_id, coupon=coupon_id)
    shop.sql("marketing", held, id=checkout_id, coupon=coupon_id)
    return "orders", f"checkout {checkout_id}", "audit.release_benefits"


def orphaned_coupon(shop):
    checkout_id = shop.id("never_paid")
    shop.sql("marketing", "UPDATE benefits SET state = 'held' WHERE checkout_id = :id", id=checkout_id)
    moved = "SELECT coupon_id FROM coupon_transitions WHERE checkout_id = :id LIMIT 1"
    coupon_id = shop.one("marketing", moved, id=checkout_id)
    taken = "UPDATE coupons SET state = 'held', checkout_id = :id WHERE coupon_id = :coupon"
    last = "DELETE FROM coupon_transitions WHERE coupon_id = :coupon AND move = 'release'"
    shop.sql("marketing", taken, last, id=checkout_id, coupon=coupon_id)
    return "orders", f"checkout {checkout_id}", "audit.release_benefits"


def unapplied_receipts(shop):
    shop.world.wechat.refunds.clear()
    capture_id = shop.one("payments", "SELECT capture_id FROM captures WHERE standing = 'returned'")
    undo = """
        WITH gone AS (DELETE FROM refunds WHERE capture_id = :id RETURNING refund_id),
        posted AS (DELETE FROM ledger_postings WHERE about IN (SELECT refund_id FROM gone) RETURNING posting_id),
        lines AS (DELETE FROM ledger_entries WHERE posting_id IN (SELECT posting_id FROM posted)
            RETURNING account, currency, amount),
        sums AS (SELECT account, currency, sum(amount) AS amount FROM lines GROUP BY account, currency)
        UPDATE ledger_accounts a SET balance = balance - sums.amount FROM sums
        WHERE a.name = sums.account AND a.currency = sums.currency
    """
    shop.sql("payments", undo, id=capture_id)
    return "payments", f"capture {capture_id}", "audit.refund_unapplied_receipt"


def money_of_a_cancelled_checkout(shop):
    """Paid, then cancelled without a refund; its stock and its coupon were released."""
    checkout_id = shop.id("prepaid")
    shop.sql("orders", *CANCELLED, "UPDATE saga SET status = 'undone' WHERE business_key = :id", id=checkout_id)
    shop.sql("catalog", "UPDATE stock_claim SET state = 'released' WHERE checkout_id = :id", id=checkout_id)
    undo = """
        WITH gone AS (UPDATE reservation SET state = 'released' WHERE checkout_id = :id
            RETURNING sku_id, quantity),
        unwritten AS (DELETE FROM stock_journal WHERE source_id = :id)
        UPDATE stock SET on_hand = on_hand + quantity FROM gone WHERE stock.sku_id = gone.sku_id
    """
    shop.sql("catalog", undo, id=checkout_id)
    return "orders", f"checkout {checkout_id}", "audit.refund_cancelled"


def arrival_that_orders_did_not_count(shop):
    """The refund has arrived in payments and is still running in orders."""
    refund = shop.world.rows("orders", "SELECT refund_id, order_id, amount FROM refund WHERE kind = 'refund'")[0]
    shop.sql("orders", "UPDATE refund SET state = 'running' WHERE refund_id = :id", id=refund["refund_id"])
    less = "UPDATE orders SET refunded = refunded - :amount WHERE order_id = :id"
    shop.sql("orders", less, id=refund["order_id"], amount=refund["amount"])
    of_lines = "UPDATE order_line SET refunded_quantity = 0, refunded_amount = 0 WHERE order_id = :id"
    shop.sql("orders", of_lines, id=refund["order_id"])
    return "payments", f"refund {refund['refund_id']}", "audit.republish_refund"


def logged(shop, name):
    query = "SELECT actor, action, about FROM operator_log WHERE action LIKE 'audit.%'"
    return [(row["actor"], row["action"], row["about"]) for row in shop.world.rows(name, query)]


@pytest.mark.parametrize(
    "breaks",
    [
        orphaned_stock,
        stock_of_an_unknown_checkout,
        orphaned_coupon,
        coupon_of_an_unknown_checkout,
        unapplied_receipts,
        money_of_a_cancelled_checkout,
        arrival_that_orders_did_not_count,
    ],
    ids=lambda f: f.__name__,
)
def test_safe_repairs_are_carried_out_once_and_logged(copied_shop, breaks):
    shop = copied_shop
    owner, about, action = breaks(shop)
    found = shop.audit().findings
    assert any(finding.repair for finding in found)
    first, second = list(carry_out(found, shop.queries)), list(carry_out(found, shop.queries))
    assert {line.rpartition(": ")[2] for line in first} == {"done"}
    assert {line.rpartition(": ")[2] for line in second} == {"nothing left to repair"}
    assert logged(shop, owner) == [(f"auditor {AUDITOR.user_id}", action, about)]
    shop.settle()
    assert shop.audit().findings == []


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("orders.release_orphan", "in_progress"),
        ("orders.release_orphan", "delivered"),
        ("orders.refund_cancelled", "delivered"),
        ("orders.refund_cancelled", "in_progress"),
    ],
)
def test_a_service_that_finds_nothing_to_repair_under_its_lock_does_nothing(shop, method, name):
    shop.world.own("orders")
    request = {"checkout_id": shop.id(name), **({"what": "stock"} if "release" in method else {})}
    assert shop.queries.call(method, request) == {"repaired": False}
    assert shop.world.in_transit == []
    assert logged(shop, "orders") == []


def test_an_unapplied_receipt_that_is_being_refunded_is_not_refunded_twice(shop):
    shop.world.own("payments")
    capture_id = shop.one("payments", "SELECT capture_id FROM captures WHERE standing = 'returned'")
    assert shop.queries.call("payments.refund_unapplied_receipt", {"capture_id": capture_id}) == {
        "repaired": False
    }


def test_a_refund_that_has_not_arrived_is_not_published(shop):
    shop.world.own("payments")
    refund_id = shop.one("payments", "SELECT refund_id FROM refunds WHERE order_id IS NOT NULL LIMIT 1")
    shop.sql("payments", "UPDATE refunds SET state = 'processing' WHERE refund_id = :id", id=refund_id)
    assert shop.queries.call("payments.republish_refund", {"refund_id": str(refund_id)}) == {"repaired": False}
