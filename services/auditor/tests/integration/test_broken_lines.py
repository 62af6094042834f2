"""Differences in the refunds of an order's lines are found, in either service."""

import pytest

ORDER = "SELECT order_id FROM orders WHERE checkout_id = :id"
FIRST = "line_id = (SELECT line_id FROM payment_lines WHERE order_id = :id AND refunded > 0 LIMIT 1)"
WITHOUT_CHECKS = """
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT conname FROM pg_constraint WHERE conrelid = 'payment_lines'::regclass AND contype = 'c'
        LOOP EXECUTE format('ALTER TABLE payment_lines DROP CONSTRAINT %I', name); END LOOP;
    END $$
"""


@pytest.fixture
def order_id(shop):
    return shop.one("orders", ORDER, id=shop.id("partly_refunded"))


def test_the_lines_of_a_whole_day_are_consistent(shop):
    counted = {outcome.check.name: outcome for outcome in shop.audit().outcomes}
    assert counted["money.lines"].checked == counted["money.orders"].checked
    assert int(shop.one("payments", "SELECT count(*) FROM payment_lines WHERE refunded > 0")) > 0


@pytest.mark.parametrize(
    ("name", "damage", "detail"),
    [
        (
            "payments",
            "UPDATE refunds SET lines = '[]' WHERE order_id = :id",
            "1 refunds are not the sum of their lines",
        ),
        (
            "orders",
            "UPDATE refund SET by_line = '[]' WHERE order_id = :id",
            "1 refunds are not the sum of their lines",
        ),
        ("payments", f"UPDATE payment_lines SET paid = paid + 1 WHERE {FIRST}", "for its lines"),
        ("payments", f"UPDATE payment_lines SET refunded = 0 WHERE {FIRST}", "its refunds sum to"),
        (
            "payments",
            f"UPDATE payment_lines SET refunded = paid + 1 WHERE {FIRST}",
            "is refunded of a line for which",
        ),
        ("payments", f"DELETE FROM payment_lines WHERE {FIRST}", "for its lines"),
        (
            "orders",
            "UPDATE order_line SET refunded_amount = 0 WHERE order_id = :id",
            "orders has refunded 0 of a line",
        ),
        (
            "orders",
            """UPDATE order_line SET paid = paid - 1 WHERE line_id = (
                SELECT line_id FROM order_line WHERE order_id = :id AND refunded_amount > 0)""",
            "is payable for it",
        ),
        (
            "orders",
            """WITH gone AS (UPDATE order_line SET refunded_amount = 0 WHERE order_id = :id)
            UPDATE refund SET state = 'refused', by_line = '[]' WHERE order_id = :id""",
            "orders has 0 of a line refunded and 0 in progress, payments",
        ),
    ],
)
def test_a_line_whose_refunded_amount_is_not_the_sum_of_its_refunds_is_found(shop, order_id, name, damage, detail):
    statements = [WITHOUT_CHECKS] * (name == "payments") + [damage]
    assert shop.sql(name, *statements, id=order_id) >= 1
    finding = shop.found()["money.lines"]
    assert finding.about == f"order {order_id}"
    assert detail in finding.detail
