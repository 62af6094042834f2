"""Each violated invariant of stock is found."""

import pytest

from shared.ids import new_id

NOT_OVERSOLD = "ALTER TABLE stock DROP CONSTRAINT stock_not_oversold"
HOLD = """
    INSERT INTO stock_claim (checkout_id, state) VALUES (:checkout, 'reserved');
    INSERT INTO reservation (checkout_id, order_id, sku_id, quantity, state)
    VALUES (:checkout, :order, :sku, 1, 'open');
    UPDATE stock SET reserved = reserved + 1 WHERE sku_id = :sku
"""


@pytest.mark.parametrize(
    ("damage", "detail"),
    [
        ("UPDATE stock SET on_hand = on_hand + 1 WHERE sku_id = :sku", "its journal sums to"),
        (
            "UPDATE stock_journal SET change = change + 1 WHERE sku_id = :sku AND kind = 'received'",
            "its journal sums to",
        ),
        ("UPDATE stock SET reserved = reserved + 1 WHERE sku_id = :sku", "its open reservations sum to"),
        ("UPDATE stock SET reserved = on_hand + 1 WHERE sku_id = :sku", "reserved"),
        ("UPDATE stock SET reserved = -1 WHERE sku_id = :sku", "reserved -1 of"),
    ],
)
def test_a_stock_level_that_is_not_the_sum_of_its_journal_or_reservations_is_found(shop, damage, detail):
    sku_id = shop.day.shop.skus[0]
    shop.sql("catalog", NOT_OVERSOLD)
    assert shop.sql("catalog", damage, sku=sku_id) >= 1
    finding = shop.found()["stock.levels"]
    assert finding.about == f"sku {sku_id}"
    assert detail in finding.detail
    assert "adjust the stock" in finding.advice


def test_stock_that_is_reserved_for_a_cancelled_checkout_is_found(shop):
    checkout_id = shop.id("never_paid")
    shop.sql("catalog", "UPDATE stock_claim SET state = 'reserved' WHERE checkout_id = :id", id=checkout_id)
    shop.sql("catalog", "UPDATE reservation SET state = 'open' WHERE checkout_id = :id", id=checkout_id)
    finding = shop.found()["stock.claims"]
    assert (finding.about, finding.repair.method) == (f"checkout {checkout_id}", "orders.release_orphan")
    assert "cancelled" in finding.detail


def test_stock_that_is_reserved_for_a_checkout_that_orders_does_not_know_is_found(shop):
    checkout_id = str(new_id())
    shop.sql("catalog", HOLD, checkout=checkout_id, order=str(new_id()), sku=shop.day.shop.skus[1])
    found = shop.found()
    assert found["stock.claims"].about == f"checkout {checkout_id}"
    assert "unknown to orders" in found["stock.claims"].detail
    assert "stock.levels" not in found


def test_a_confirmed_checkout_without_a_claim_is_found(shop):
    checkout_id = shop.id("delivered")
    for table in ("reservation", "stock_claim"):
        shop.sql("catalog", f"DELETE FROM {table} WHERE checkout_id = :id", id=checkout_id)
    finding = shop.found()["stock.claims"]
    assert finding.about == f"checkout {checkout_id}"
    assert "its claim on stock is missing" in finding.detail
    assert finding.repair is None


def test_stock_that_is_committed_for_an_unpaid_checkout_is_found_and_left_to_an_operator(shop):
    checkout_id = shop.id("in_progress")
    shop.sql("catalog", "UPDATE stock_claim SET state = 'committed' WHERE checkout_id = :id", id=checkout_id)
    finding = shop.found()["stock.claims"]
    assert finding.about == f"checkout {checkout_id}"
    assert "placed" in finding.detail
    assert "committed" in finding.detail
    assert finding.repair is None


def test_a_reservation_in_another_state_than_its_claim_is_found(shop):
    checkout_id = shop.id("delivered")
    shop.sql("catalog", "UPDATE reservation SET state = 'released' WHERE checkout_id = :id", id=checkout_id)
    finding = shop.found()["stock.reservations"]
    assert finding.about == f"checkout {checkout_id}"
    assert finding.detail == "the claim is committed, its reservations are released, released"


def test_more_restocked_than_sold_is_found(shop):
    checkout_id = shop.id("delivered")
    shop.sql("catalog", "ALTER TABLE reservation DROP CONSTRAINT reservation_check")
    shop.sql("catalog", "UPDATE reservation SET restocked = quantity + 1 WHERE checkout_id = :id", id=checkout_id)
    found = shop.found()
    assert "more was restocked than was sold" in found["stock.reservations"].detail
    assert "of sku" in found["stock.sold"].detail


@pytest.mark.parametrize("name", ["delivered", "partly_refunded", "cancelled"])
def test_units_that_left_the_stock_and_were_not_sold_are_found(shop, name):
    checkout_id = shop.id(name)
    changed = "UPDATE reservation SET quantity = quantity + 1 WHERE checkout_id = :id AND sku_id = :sku"
    shop.sql("catalog", changed, id=checkout_id, sku=shop.day.shop.skus[0])
    finding = shop.found()["stock.sold"]
    assert finding.about == f"checkout {checkout_id}"
    assert f"of sku {shop.day.shop.skus[0]} left the stock" in finding.detail


def test_units_that_were_restocked_without_a_request_of_orders_are_found(shop):
    changed = "UPDATE reservation SET restocked = 1 WHERE checkout_id = :id AND sku_id = :sku"
    shop.sql("catalog", changed, id=shop.id("delivered"), sku=shop.day.shop.skus[0])
    assert "1 of sku" in shop.found()["stock.sold"].detail
