"""The price of a basket and its reasons: the rules of docs/pricing.md."""

from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.coupons.model.coupons import CouponNotApplicable, CouponState
from marketing.pricing.model.basket import QuantityOutOfRange, SkuUnavailable, TotalTooLarge, Want, price
from services.marketing.tests.baskets import baskets
from services.marketing.tests.builders import NOON, REMOTE, STANDARD, coupon, known, named, priced, terms, yuan
from shared.money import Money, allocate

SHELF = {
    listed.sku_id: listed
    for listed in (
        priced("TEAPOT", yuan(66)),
        priced("CUP", yuan(9.99)),
        priced("TRAY", yuan(40)),
        priced("FOUNTAIN-PEN", yuan(120), shop="STATIONER"),
    )
}


def quote(*wants, coupons=(), zone=STANDARD, at=NOON):
    return price([Want(named(name), quantity) for name, quantity in wants], known(SHELF, coupons, zone, at))


def test_a_line_costs_its_list_price_times_its_quantity_for_that_reason():
    (shop,) = quote(("CUP", 3)).shops
    (line,) = shop.lines
    assert (line.unit_price, line.subtotal, line.paid) == (yuan(9.99), yuan(29.97), yuan(29.97))
    (why,) = line.why
    assert (why.code, why.amount, why.text.en) == ("list_price", yuan(29.97), "List price ¥9.99 × 3")
    assert why.text.zh == "标价¥9.99 × 3"


def test_two_lines_of_one_sku_become_one():
    (shop,) = quote(("CUP", 3), ("TEAPOT", 1), ("CUP", 2)).shops
    assert [(line.title, line.quantity) for line in shop.lines] == [("Cup", 5), ("Teapot", 1)]


def test_each_shop_has_its_own_shipping_fee_and_total():
    first, second = quote(("TEAPOT", 1), ("FOUNTAIN-PEN", 1)).shops
    assert (first.shop_id, first.shipping, first.total) == (named("TEA-HOUSE"), yuan(8), yuan(74))
    assert (second.shop_id, second.shipping, second.total) == (named("STATIONER"), yuan(0), yuan(120))
    assert [why.code for why in (*first.why, *second.why)] == ["shipping", "shipping_free"]


def test_shipping_is_free_from_the_threshold_after_the_discount():
    full = quote(("TEAPOT", 1), ("TRAY", 1)).shops[0]
    less = quote(("TEAPOT", 1), ("TRAY", 1), coupons=[coupon()]).shops[0]
    assert (full.shipping, less.shipping) == (yuan(0), yuan(8))
    assert less.total == yuan(66 + 40 - 20 + 8)


def test_a_remote_region_always_pays_for_shipping():
    (shop,) = quote(("TEAPOT", 10), zone=REMOTE).shops
    assert shop.shipping == yuan(20)
    assert shop.why[-1].text.en == "Shipping to a remote region: ¥20.00"


def test_a_coupon_is_spread_over_its_shops_lines_only_with_its_reason():
    tea, pens = quote(("TEAPOT", 1), ("FOUNTAIN-PEN", 1), ("TRAY", 1), coupons=[coupon()]).shops
    assert [line.discount for line in tea.lines] == [yuan(12.45), yuan(7.55)]
    assert tea.lines[0].why[1].text.zh == "优惠券「满百减二十」分摊¥12.45"
    assert tea.why[0].text.en == "Coupon “Twenty off a hundred”: ¥20.00 off from ¥100.00"
    assert pens.discount == yuan(0)


def test_of_equal_remainders_the_line_of_the_smaller_sku_takes_the_odd_fen_in_any_order_of_the_basket():
    penny_off = coupon(terms=terms(threshold=yuan(10), discount=Money(1)))
    (shop,) = quote(("CUP", 1), ("TRAY", 1), ("TEAPOT", 1), coupons=[penny_off]).shops
    assert sum(line.discount.amount for line in shop.lines) == 1
    equal = {named(n): priced(n, yuan(10)) for n in ("A", "B")}
    smaller = min(equal)
    for order in (["A", "B"], ["B", "A"]):
        (shop,) = price([Want(named(each), 1) for each in order], known(equal, [penny_off])).shops
        assert [line.title for line in shop.lines] == order
        assert {line.sku_id: line.discount.amount for line in shop.lines} == {
            sku_id: int(sku_id == smaller) for sku_id in equal
        }


@pytest.mark.parametrize(
    ("wants", "used", "reason"),
    [
        ([("TEAPOT", 1)], [coupon()], "below_threshold"),
        ([("FOUNTAIN-PEN", 1)], [coupon()], "no_goods_of_shop"),
        ([("TEAPOT", 9)], [coupon(), coupon("RED-COUPON")], "one_per_shop"),
    ],
)
def test_a_coupon_that_cannot_be_used_is_refused_with_its_reason(wants, used, reason):
    with pytest.raises(CouponNotApplicable) as refused:
        quote(*wants, coupons=used)
    assert refused.value.code == "coupon_not_applicable"
    assert refused.value.facts["reason"] == reason


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"state": CouponState.HELD}, "taken"),
        ({"state": CouponState.REDEEMED}, "taken"),
        ({"expires_at": NOON}, "expired"),
    ],
)
def test_a_coupon_that_is_taken_or_expired_is_not_usable(wrong, reason):
    with pytest.raises(CouponNotApplicable) as refused:
        coupon(**wrong).check_usable(NOON)
    assert refused.value.facts["reason"] == reason


def test_the_amount_missing_to_the_threshold_is_returned():
    with pytest.raises(CouponNotApplicable) as refused:
        quote(("TEAPOT", 1), coupons=[coupon()])
    assert refused.value.facts["missing"] == 3400


def test_skus_that_are_not_for_sale_are_listed():
    with pytest.raises(SkuUnavailable) as refused:
        quote(("TEAPOT", 1), ("UNICORN", 1))
    assert refused.value.facts == {"sku_ids": [str(named("UNICORN"))]}


@pytest.mark.parametrize("quantity", [0, -1, 10_000, 10**9, 10**40])
def test_a_quantity_out_of_range_is_refused(quantity):
    with pytest.raises(QuantityOutOfRange):
        quote(("CUP", quantity))


def test_lines_of_one_sku_are_counted_together_for_the_range():
    with pytest.raises(QuantityOutOfRange):
        quote(("CUP", 9000), ("CUP", 1000))
    with pytest.raises(QuantityOutOfRange):
        quote(("CUP", 9000), ("CUP", -1))


def test_a_total_above_the_limit_is_refused():
    gold = {named("GOLD"): priced("GOLD", Money(10**12))}
    with pytest.raises(TotalTooLarge):
        price([Want(named("GOLD"), 9999)], known(gold))


@given(baskets(), st.sampled_from([STANDARD, REMOTE]))
def test_lesson_16_all_totals_and_their_reasons_add_up(case, zone):
    basket, shelf, used = case
    answer = price(basket, known(shelf, used, zone))
    assert answer.total.amount == sum(shop.total.amount for shop in answer.shops)
    for shop in answer.shops:
        assert shop.goods.amount == sum(line.subtotal.amount for line in shop.lines)
        assert shop.discount.amount == sum(line.discount.amount for line in shop.lines)
        assert shop.total.amount == sum(line.paid.amount for line in shop.lines) + shop.shipping.amount
        assert sum(why.amount.amount for why in shop.why) == shop.shipping.amount - shop.discount.amount
        for line in shop.lines:
            assert sum(why.amount.amount for why in line.why) == line.paid.amount


@given(baskets(), st.sampled_from([STANDARD, REMOTE]))
def test_lesson_04_no_amount_is_below_zero_and_no_discount_above_its_line(case, zone):
    basket, shelf, used = case
    answer = price(basket, known(shelf, used, zone))
    lines = [line for shop in answer.shops for line in shop.lines]
    assert answer.total.amount >= 0
    assert all(0 <= line.discount.amount <= line.subtotal.amount for line in lines)
    assert all(line.paid == line.subtotal - line.discount for line in lines)


@given(baskets())
def test_lesson_16_any_subset_of_lines_and_units_can_be_refunded_exactly(case):
    basket, shelf, used = case
    for shop in price(basket, known(shelf, used)).shops:
        paid = [line.paid.amount for line in shop.lines]
        for chosen in (c for n in range(len(paid) + 1) for c in combinations(range(len(paid)), n)):
            rest = sum(paid) - sum(paid[i] for i in chosen)
            assert rest == sum(paid[i] for i in range(len(paid)) if i not in chosen) >= 0
        for line in shop.lines:
            units = allocate(line.paid, [1] * line.quantity)
            assert sum(unit.amount for unit in units) == line.paid.amount


@given(baskets(), st.integers(0, 3600))
def test_the_same_basket_costs_the_same_whenever_it_is_priced(case, seconds):
    basket, shelf, used = case
    first = price(basket, known(shelf, used))
    assert first == price(basket, known(shelf, used, at=NOON + timedelta(seconds=seconds)))
