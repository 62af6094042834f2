"""Each violated invariant of money is found."""

import pytest

from shared.ids import new_id

FAILED = "state = 'failed', failure = 'x'"
ARRIVED = "order_id IS NOT NULL AND state = 'succeeded'"
UNDONE = """
    UPDATE saga SET status = 'undone' WHERE name = 'orders.refund'
    AND business_key IN (SELECT refund_id::text FROM refund WHERE order_id = :id)
"""
ORDER = "SELECT order_id FROM orders WHERE checkout_id = :id"
PAYMENT = "SELECT payment_id FROM checkout WHERE checkout_id = :id"


@pytest.fixture
def order_of(shop):
    return lambda name: shop.one("orders", ORDER, id=shop.id(name))


@pytest.fixture
def payment_of(shop):
    return lambda name: shop.one("orders", PAYMENT, id=shop.id(name))


def test_an_order_of_which_payments_keeps_less_than_its_total_is_found(shop, order_of):
    order_id = order_of("delivered")
    shop.sql("payments", "UPDATE payment_parts SET captured = captured - 5 WHERE order_id = :id", id=order_id)
    found = shop.found()
    assert found["money.orders"].about == f"order {order_id}"
    assert "is payable for it, payments keeps" in found["money.orders"].detail
    assert found["money.sums"].detail.startswith("the ledger has another balance payable to the merchant")


def test_an_order_that_was_refunded_in_orders_only_is_found(shop, order_of):
    order_id = order_of("delivered")
    shop.sql("orders", "UPDATE orders SET refunded = 100 WHERE order_id = :id", id=order_id)
    found = shop.found()
    assert found["money.orders"].about == f"order {order_id}"
    assert found["order.sums"].detail == "refunded 100, its refunds sum to 0"


def test_money_of_an_order_that_orders_does_not_know_is_found(shop, order_of):
    order_id, unknown = order_of("delivered"), str(new_id())
    shop.sql("payments", "UPDATE payment_parts SET order_id = :new WHERE order_id = :id", id=order_id, new=unknown)
    abouts = {f.about: f.detail for f in shop.audit().findings if f.check == "money.orders"}
    assert set(abouts) == {f"order {order_id}", f"order {unknown}"}
    assert "orders does not know" in abouts[f"order {unknown}"]


def test_cash_on_delivery_that_is_receivable_in_orders_only_is_found(shop, order_of):
    order_id = order_of("cash_due")
    shop.sql("payments", "UPDATE payment_parts SET receivable = 0 WHERE order_id = :id", id=order_id)
    assert shop.found()["money.orders"].about == f"order {order_id}"


def test_money_that_is_kept_for_a_cancelled_checkout_is_found(shop, payment_of):
    payment_id = payment_of("delivered")
    for statement in ("UPDATE checkout SET state = 'cancelled'", "UPDATE orders SET state = 'cancelled'"):
        shop.sql("orders", f"{statement} WHERE checkout_id = :id", id=shop.id("delivered"))
    finding = shop.found()["money.payments"]
    assert finding.about == f"payment {payment_id}"
    assert "the checkout is cancelled, the payment captured" in finding.detail
    assert finding.repair.method == "orders.refund_cancelled"


def test_a_confirmed_checkout_whose_payment_is_not_captured_is_found(shop, payment_of):
    payment_id = payment_of("delivered")
    shop.sql("payments", "UPDATE payments SET state = 'open' WHERE payment_id = :id", id=payment_id)
    finding = shop.found()["money.payments"]
    assert (finding.about, finding.repair) == (f"payment {payment_id}", None)


def test_a_confirmed_checkout_without_a_payment_is_found(shop, payment_of):
    payment_id, unknown = payment_of("delivered"), str(new_id())
    shop.sql("orders", "UPDATE checkout SET payment_id = :new WHERE payment_id = :id", id=payment_id, new=unknown)
    abouts = {f.about: f.detail for f in shop.audit().findings if f.check == "money.payments"}
    assert abouts == {
        f"payment {payment_id}": "it is for a checkout that orders does not know",
        f"payment {unknown}": "the checkout is confirmed without a payment",
    }


def test_a_payment_for_another_checkout_is_found(shop, payment_of):
    payment_id = payment_of("delivered")
    moved = "UPDATE payments SET checkout_id = :new WHERE payment_id = :id"
    shop.sql("payments", moved, id=payment_id, new=shop.id("cancelled"))
    assert f"in payments for {shop.id('cancelled')}" in shop.found()["money.payments"].detail


def test_a_cancelled_checkout_that_can_still_be_paid_is_found(shop, payment_of):
    shop.sql(
        "payments",
        "UPDATE payments SET state = 'open', reason = NULL WHERE payment_id = :id",
        id=payment_of("never_paid"),
    )
    assert "it can still be paid" in shop.found()["money.payments"].detail


def test_orders_whose_totals_are_not_their_checkouts_are_found(shop, payment_of):
    shop.sql("orders", "UPDATE checkout SET total = total + 1 WHERE checkout_id = :id", id=shop.id("delivered"))
    assert "its orders" in shop.found()["money.payments"].detail


@pytest.mark.parametrize(
    ("name", "damage", "detail"),
    [
        ("orders", f"UPDATE refund SET {FAILED} WHERE kind = 'refund'", "orders has failed"),
        ("orders", "UPDATE refund SET amount = amount + 1 WHERE kind = 'refund'", "orders has refunded"),
        ("orders", "DELETE FROM refund WHERE kind = 'refund'", "orders never requested"),
        ("payments", "DELETE FROM refunds WHERE order_id IS NOT NULL", "payments no refund"),
        ("payments", f"UPDATE refunds SET {FAILED} WHERE order_id IS NOT NULL", "payments failed"),
        (
            "orders",
            "UPDATE refund SET state = 'running' WHERE kind = 'refund'",
            "orders has running, payments succ",
        ),
        (
            "payments",
            f"UPDATE refunds SET state = 'requested' WHERE {ARRIVED}",
            "orders has refunded, payments requested",
        ),
    ],
)
def test_a_refund_on_which_orders_and_payments_differ_is_found(shop, name, damage, detail):
    assert shop.sql(name, damage) >= 1
    assert detail in shop.found()["money.refunds"].detail


def test_a_cancelled_order_whose_refund_payments_never_posted_is_found(shop, order_of):
    order_id = order_of("refund_in_transit")
    assert (
        shop.sql(
            "payments",
            "DELETE FROM refund_attempts WHERE refund_id IN (SELECT refund_id FROM refunds WHERE order_id = :id)",
            id=order_id,
        )
        == 1
    )
    shop.sql("payments", "DELETE FROM refunds WHERE order_id = :id", id=order_id)
    shop.sql("payments", "UPDATE payment_parts SET refunded = 0 WHERE order_id = :id", id=order_id)
    found = shop.found()
    detail = "orders has running, payments no refund, and the order is cancelled"
    assert found["money.refunds"].detail == detail
    assert found["money.orders"].about == f"order {order_id}"
    assert "cancelled: payments keeps" in found["money.orders"].detail


def test_a_cancelled_order_whose_money_payments_still_keeps_is_found(shop, order_of):
    order_id = order_of("cancelled")
    shop.sql("payments", "UPDATE payment_parts SET refunded = refunded - 5 WHERE order_id = :id", id=order_id)
    found = shop.found()["money.orders"]
    assert (found.about, found.detail) == (
        f"order {order_id}",
        "cancelled: payments keeps 5 for it, and no refund is in transit",
    )


@pytest.mark.parametrize(
    ("damage", "detail"),
    [
        ("UPDATE payments SET amount = amount + 1 WHERE payment_id = :id", "of its parts"),
        ("UPDATE payment_parts SET refunded = 1 WHERE payment_id = :id", "not the sum of its refunds"),
        ("UPDATE captures SET amount = amount + 1 WHERE payment_id = :id", "its captures sum to"),
        ("DELETE FROM captures WHERE payment_id = :id", "its captures sum to 0"),
        ("UPDATE payments SET provider = 'another' WHERE payment_id = :id", "accounts of another provider"),
    ],
)
def test_a_payment_with_inconsistent_sums_is_found(shop, payment_of, damage, detail):
    assert shop.sql("payments", damage, id=payment_of("delivered")) == 1
    finding = shop.found()["money.sums"]
    assert finding.about == f"payment {payment_of('delivered')}"
    assert detail in finding.detail


def test_a_payment_with_two_kept_captures_is_found(shop, payment_of):
    shop.sql("payments", "DROP INDEX captures_one_is_kept")
    twice = """
        INSERT INTO captures SELECT gen_random_uuid(), provider, transaction_id || 'x', payment_id, attempt_id,
        amount, currency, standing, captured_at FROM captures WHERE payment_id = :id
    """
    shop.sql("payments", twice, id=payment_of("delivered"))
    assert "2 captures are kept" in shop.found()["money.sums"].detail


def test_a_refund_above_the_captured_amount_is_found(shop, payment_of):
    shop.sql("payments", "ALTER TABLE payment_parts DROP CONSTRAINT payment_parts_check")
    shop.sql(
        "payments",
        "UPDATE payment_parts SET refunded = captured + 1 WHERE payment_id = :id",
        id=payment_of("delivered"),
    )
    assert "more was refunded or collected than the part's amount" in shop.found()["money.sums"].detail


def test_an_unapplied_receipt_without_a_refund_is_found(shop):
    capture_id = shop.one("payments", "SELECT capture_id FROM captures WHERE standing = 'returned'")
    shop.sql("payments", "DELETE FROM refunds WHERE capture_id IS NOT NULL")
    finding = shop.found()["money.unapplied_receipts"]
    assert (finding.about, finding.repair.method) == (f"capture {capture_id}", "payments.refund_unapplied_receipt")


def test_an_unapplied_receipt_whose_refund_failed_is_left_to_an_operator(shop):
    shop.sql("payments", "UPDATE refunds SET state = 'failed', failure = 'x' WHERE capture_id IS NOT NULL")
    finding = shop.found()["money.unapplied_receipts"]
    assert finding.repair is None
    assert "at the provider" in finding.advice


@pytest.mark.parametrize(
    ("requested", "detail"), [("8 days", "takes too long"), ("1 minute", "no provider call is due")]
)
def test_a_refund_that_does_not_arrive_is_found(shop, requested, detail):
    refund_id = shop.one("payments", "SELECT refund_id FROM refunds WHERE capture_id IS NOT NULL")
    since = f"requested_at = now() - interval '{requested}'"
    processing = f"UPDATE refunds SET state = 'processing', {since} WHERE refund_id = :id"
    carried = "UPDATE provider_calls SET due_at = now() WHERE key = :id"
    shop.sql("payments", processing, *[carried] * ("long" in detail), id=refund_id)
    finding = shop.found()["money.in_transit"]
    assert finding.about == f"refund {refund_id}"
    assert detail in finding.detail


@pytest.mark.parametrize(
    ("damage", "detail"),
    [
        ("UPDATE order_line SET paid = paid + 1 WHERE order_id = :id", "its lines sum to"),
        (
            "UPDATE order_line SET claimed_quantity = 0 WHERE order_id = :id",
            "claim other quantities than its lines",
        ),
        ("UPDATE refund SET state = 'failed', failure = 'x' WHERE order_id = :id", "its refunds sum to 0"),
        (
            f"WITH gone AS ({UNDONE}) UPDATE refund SET state = 'running' WHERE order_id = :id",
            "no saga is running",
        ),
        ("UPDATE orders SET state = 'cancelling' WHERE order_id = :id", "no saga is running"),
    ],
)
def test_an_order_with_inconsistent_sums_is_found(shop, order_of, damage, detail):
    order_id = order_of("partly_refunded")
    assert shop.sql("orders", damage, id=order_id) >= 1
    finding = shop.found()["order.sums"]
    assert finding.about == f"order {order_id}"
    assert detail in finding.detail


def test_a_unit_that_was_shipped_and_restocked_as_well_is_found(shop, order_of):
    order_id = order_of("partly_refunded")
    parcel = """
        INSERT INTO parcel (parcel_id, order_id, shop_id, carrier, tracking_number, state, lines)
        SELECT gen_random_uuid(), order_id, shop_id, 'sf', '1', 'shipped',
            jsonb_object_agg(line_id::text, quantity)
        FROM order_line JOIN orders USING (order_id) WHERE order_id = :id GROUP BY order_id, shop_id
    """
    shop.sql("orders", parcel, id=order_id)
    assert shop.found()["order.sums"].detail == "units were shipped and restocked as well"
