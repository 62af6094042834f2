"""Prices are computed by an ordered list of rules; every discount becomes allocations on lines."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.coupons.model.coupons import CouponNotApplicable
from marketing.pricing.model.basket import Want, price
from marketing.pricing.model.discounts import Discount, shares
from marketing.pricing.model.reasons import Reason
from marketing.pricing.model.rules import RULES
from marketing.pricing.model.stacking import NOT_COMBINABLE
from marketing.pricing.model.state import Basket, Context, Line, ShopPart
from marketing.texts import Text
from services.marketing.tests.baskets import NAMES, baskets
from services.marketing.tests.builders import REMOTE, STANDARD, coupon, known, named, priced, terms, yuan
from shared.money import Money, allocate, shown, total

SHELF = {
    each.sku_id: each
    for each in (priced("TEAPOT", yuan(66)), priced("TRAY", yuan(40)), priced("PEN", yuan(120), shop="STATIONER"))
}
ZONES = st.sampled_from([STANDARD, REMOTE])


def all_lines(quote):
    return [line for shop in quote.shops for line in (*shop.lines, shop.shipping_line)]


def amounts(quote):
    """All amounts of a quote, independent of the order of its lines."""
    lines = {
        line.sku_id: (line.subtotal, line.allocations, line.why) for shop in quote.shops for line in shop.lines
    }
    return lines, {shop.shop_id: (shop.shipping, shop.total, shop.why) for shop in quote.shops}, quote.total


@given(baskets(), ZONES)
def test_what_is_paid_is_the_subtotal_less_the_allocations_and_never_below_zero(case, zone):
    basket, shelf, used = case
    for line in all_lines(price(basket, known(shelf, used, zone))):
        assert line.discount == total(each.shop + each.platform for each in line.allocations)
        assert line.paid == line.subtotal - line.discount
        assert line.paid.amount >= 0
        assert all(each.shop.amount >= 0 and each.platform.amount >= 0 for each in line.allocations)
        assert {each.source for each in line.allocations} <= {why.code for why in line.why}


@given(baskets(), ZONES)
def test_a_shops_coupon_is_borne_by_the_shop_and_identified_by_its_campaign(case, zone):
    basket, shelf, used = case
    for shop in price(basket, known(shelf, used, zone)).shops:
        given_ = [each for line in shop.lines for each in line.allocations]
        assert total(each.shop for each in given_) == shop.discount
        assert not total(each.platform for each in given_)
        assert {(each.source, each.source_id, each.terms_version) for each in given_} <= {
            ("coupon", named("SPRING-SALE"), 1)
        }


@given(baskets(), ZONES, st.randoms(use_true_random=False))
def test_no_order_of_the_basket_or_of_the_coupons_changes_an_amount(case, zone, chance):
    basket, shelf, used = case
    other, others = list(basket), list(used)
    chance.shuffle(other)
    chance.shuffle(others)
    assert amounts(price(basket, known(shelf, used, zone))) == amounts(price(other, known(shelf, others, zone)))


@given(st.permutations(NAMES), st.permutations(NAMES), st.integers(1, 8 * 10))
def test_lines_that_cost_the_same_share_a_discount_equally_in_any_order_of_the_basket(one, other, off):
    shelf = {named(name): priced(name, Money(10)) for name in NAMES}
    context = known(shelf, [coupon(terms=terms(threshold=Money(8 * 10), discount=Money(off)))])
    first, second = (price([Want(named(name), 1) for name in names], context) for names in (one, other))
    assert amounts(first) == amounts(second)


@given(baskets(), ZONES)
def test_the_rules_give_the_same_price_as_a_calculation_by_hand(case, zone):
    basket, shelf, used = case
    off = {each.terms.shop_id: each.terms.discount.amount for each in used}
    for shop in price(basket, known(shelf, used, zone)).shops:
        wanted: dict = {}
        for want in basket:
            if shelf[want.sku_id].shop_id == shop.shop_id:
                wanted[want.sku_id] = wanted.get(want.sku_id, 0) + want.quantity
        goods = {sku_id: shelf[sku_id].amount.amount * wanted[sku_id] for sku_id in sorted(wanted)}
        less = off.get(shop.shop_id, 0)
        by_sku = allocate(Money(less), list(goods.values())) if less else [Money(0)] * len(goods)
        assert {line.sku_id: line.discount for line in shop.lines} == dict(zip(goods, by_sku, strict=True))
        free = zone.free_from is not None and zone.free_from.amount <= sum(goods.values()) - less
        fee = 0 if free else zone.fee.amount
        assert (shop.shipping.amount, shop.total.amount) == (fee, sum(goods.values()) - less + fee)


@given(baskets(), ZONES, st.integers(0, 7))
def test_one_more_unit_lowers_the_total_only_by_a_threshold_named_in_a_reason(case, zone, which):
    basket, shelf, used = case
    more = [*basket, Want(sorted(shelf)[which], 1)]
    before, after = price(basket, known(shelf, used, zone)), price(more, known(shelf, used, zone))
    was = {shop.shop_id: shop for shop in before.shops}
    for shop in after.shops:
        earlier = was.get(shop.shop_id)
        if earlier and shop.total < earlier.total:
            assert (earlier.why[-1].code, shop.why[-1].code) == ("shipping", "shipping_free")
            assert earlier.total - shop.total <= earlier.shipping


def test_shipping_is_a_line_of_its_shop():
    (shop,) = price([Want(named("TEAPOT"), 1)], known(SHELF)).shops
    line = shop.shipping_line
    assert (line.kind, line.subtotal, line.paid, line.allocations) == ("shipping", yuan(8), yuan(8), ())
    assert line.why == shop.why


def test_a_line_is_never_discounted_below_zero():
    (taken,) = shares(a_discount(shop=10, platform=0), [Money(7)])
    assert taken.amount == Money(7)
    with pytest.raises(ValueError, match="cannot be discounted"):
        Line(subtotal=Money(6)).less(taken, Reason("gift", Text("", ""), Money(-7)))


def a_discount(*, shop, platform):
    why = lambda amount: Reason("gift", Text("赠", "gift"), -amount)  # noqa: E731
    source = {"source": "gift", "source_id": named("GIFT"), "terms_version": 3}
    return Discount(**source, shop=Money(shop), platform=Money(platform), why=why, why_share=why)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=9), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_discount_is_spread_to_the_last_unit_over_lines_and_over_who_bears_it(costs, shop, platform):
    found = shares(a_discount(shop=shop, platform=platform), list(map(Money, costs)))
    spread = sum(each.amount.amount for each in found)
    assert spread == min(shop + platform, sum(costs))
    assert all(0 <= each.amount.amount <= cost for each, cost in zip(found, costs, strict=True))
    assert all(each.shop.amount >= 0 and each.platform.amount >= 0 for each in found)
    if spread == shop + platform:
        assert sum(each.shop.amount for each in found) == shop


# An example of a new rule (docs/building.md): this function, and its place in the list.
def second_piece_half_price(basket: Basket, _context: Context) -> Basket:
    """The second unit of each SKU is half price; the platform bears a third of the discount."""
    return basket.each_shop(_halved)


def _halved(part: ShopPart) -> ShopPart:
    for line in part.goods:
        if line.quantity > 1:
            saved = line.listed.amount.amount // 2
            discount = Discount(
                source="second_piece",
                source_id=named("HALF-PRICE"),
                terms_version=7,
                shop=Money(saved - saved // 3),
                platform=Money(saved // 3),
                why=_second,
                why_share=_second,
            )
            part = part.less(discount, {line.listed.sku_id})
    return part


def _second(saved: Money) -> Reason:
    return Reason(
        "second_piece", Text(f"第二件半价-{shown(saved)}", f"Second piece half price: {shown(saved)}"), -saved
    )


LIST_PRICE, *REST = RULES
MORE_RULES: Sequence = (LIST_PRICE, second_piece_half_price, *REST)


def test_a_new_rule_in_the_list_has_its_allocations_and_its_reason():
    quote = price([Want(named("TEAPOT"), 2), Want(named("TRAY"), 1)], known(SHELF), MORE_RULES)
    (shop,) = quote.shops
    teapots, tray = shop.lines
    (half,) = teapots.allocations
    assert (half.source, half.terms_version) == ("second_piece", 7)
    assert (half.shop, half.platform, teapots.paid) == (yuan(22), yuan(11), yuan(99))
    assert [why.text.en for why in teapots.why] == ["List price ¥66.00 × 2", "Second piece half price: ¥33.00"]
    assert (tray.allocations, tray.paid) == ((), yuan(40))
    assert (shop.discount, shop.total) == (yuan(33), yuan(139))
    assert shop.terms is None  # not a threshold, so the order cannot be repriced
    assert sum(why.amount.amount for why in shop.why) == shop.shipping.amount - shop.discount.amount


def test_a_coupon_stacks_with_a_new_rule_on_what_is_left():
    quote = price([Want(named("TEAPOT"), 2)], known(SHELF, [coupon()]), MORE_RULES)
    (line,) = quote.shops[0].lines
    assert [each.source for each in line.allocations] == ["second_piece", "coupon"]
    assert line.paid == yuan(132 - 33 - 20)


def test_a_row_of_the_stacking_table_prevents_a_coupon_from_stacking_with_a_new_rule():
    not_combinable = {*NOT_COMBINABLE, frozenset({"coupon", "second_piece"})}
    with pytest.raises(CouponNotApplicable) as refused:
        price([Want(named("TEAPOT"), 2)], known(SHELF, [coupon()], not_combinable=not_combinable), MORE_RULES)
    assert (refused.value.facts["reason"], refused.value.facts["conflicts_with"]) == (
        "not_combinable",
        "second_piece",
    )
    price(
        [Want(named("TEAPOT"), 1), Want(named("TRAY"), 1)],
        known(SHELF, [coupon()], not_combinable=not_combinable),
        MORE_RULES,
    )


def test_without_its_row_of_the_stacking_table_two_coupons_of_a_shop_stack():
    second = coupon("RED-COUPON", terms=terms(threshold=yuan(50), discount=yuan(5)))
    both = known(SHELF, [coupon(), second], not_combinable=())
    (shop,) = price([Want(named("TEAPOT"), 2)], both).shops
    assert shop.discount == yuan(25)
    assert [(each.threshold, each.off) for each in shop.terms.discounts] == [
        (yuan(100), yuan(20)),
        (yuan(50), yuan(5)),
    ]


@given(baskets(), ZONES, st.randoms(use_true_random=False))
def test_a_new_rule_keeps_the_invariants_of_every_price(case, zone, chance):
    basket, shelf, used = case
    quote = price(basket, known(shelf, used, zone), MORE_RULES)
    assert all(line.paid.amount >= 0 for line in all_lines(quote))
    for shop in quote.shops:
        assert sum(why.amount.amount for why in shop.why) == shop.shipping.amount - shop.discount.amount
        assert all(sum(why.amount.amount for why in line.why) == line.paid.amount for line in shop.lines)
    other = list(basket)
    chance.shuffle(other)
    assert amounts(quote) == amounts(price(other, known(shelf, used, zone), MORE_RULES))
