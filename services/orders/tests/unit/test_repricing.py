"""Remaining units are repriced by the order's frozen terms, and the difference is withheld from the refund."""

from hypothesis import given
from hypothesis import strategies as st

from orders.aftersale.model import refund as rules
from orders.aftersale.model import repricing
from orders.aftersale.model.appraisal import appraise
from orders.aftersale.model.refund import Kind
from orders.aftersale.model.states import RefundReason, RefundState
from orders.fulfilment.model.terms import Discount, Policy, Price, Shipping, Terms
from services.orders.tests.builders import MORNING, a_line, an_order, yuan
from shared.ids import new_id

ALWAYS_8 = Shipping(fee=800)
FREE_FROM_88 = Shipping(fee=800, free_from=8800)
HUNDRED_OFF = Terms(shipping=Shipping(fee=0), discounts=(Discount(threshold=11_000, off=10_000),))
ABOUT = {"state": RefundState.REQUESTED, "reason": RefundReason.REQUESTED_BY_BUYER, "requested_at": MORNING}
GOODS = st.integers(0, 10**6)
TERMS = st.builds(
    Terms,
    shipping=st.builds(Shipping, fee=GOODS, free_from=st.none() | GOODS),
    discounts=st.lists(
        st.builds(Discount, threshold=GOODS, off=GOODS, percent=st.integers(0, 100)), max_size=3
    ).map(tuple),
)


def ten_and_a_hundred(policy=Policy.REPRICE_BEFORE_SHIPPING, **rest):
    """A cup for ¥10 and a pot for ¥100, with ¥100 off from ¥110 on: paid ¥0.91 and ¥9.09."""
    cup = a_line(quantity=1, unit_price=yuan(1000), paid=91)
    pot = a_line(quantity=1, unit_price=yuan(10_000), paid=909)
    return an_order(cup, pot, shipping=0, policy=policy, **{"terms": HUNDRED_OFF, **rest})


def two_trays(terms, *, paid=5000, shipping=0, policy=Policy.REPRICE_BEFORE_SHIPPING):
    """Two trays for ¥50 each."""
    trays = [a_line(quantity=1, unit_price=yuan(5000), paid=paid) for _ in range(2)]
    return an_order(*trays, shipping=shipping, policy=policy, terms=terms)


def a_refund(order, place, *granted, shipped=False):
    wanted = None if place is None else [(order.lines[place].line_id, 1)]
    refund = rules.claim(order, wanted, unsent={}, refund_id=new_id(), **ABOUT)
    appraise(order, refund, granted, shipped=shipped)
    return refund


def grant(order, refund):
    refund.move(RefundState.RUNNING)
    rules.withhold(order, refund)
    return refund


def reasons(refund):
    return [(why.code, why.amount) for why in refund.why]


def test_a_discount_whose_threshold_is_lost_is_withheld_if_the_shop_reprices():
    refund = a_refund(ten_and_a_hundred(), 1)
    assert (refund.amount, refund.difference) == (yuan(0), yuan(909))
    assert reasons(refund) == [("kept_goods_cost_more", -909)]
    assert refund.why[0].text["zh"] == (
        "保留的商品按下单时的优惠条件重新计价为¥10.00\uff0c原分摊价为¥0.91\uff0c从退款中扣除¥9.09"
    )


def test_by_default_a_refund_pays_the_frozen_shares():
    refund = a_refund(ten_and_a_hundred(Policy.FROZEN_SHARES), 1)
    assert (refund.amount, refund.difference, refund.why) == (yuan(909), yuan(0), ())


def test_an_order_without_terms_is_never_repriced():
    assert a_refund(ten_and_a_hundred(terms=None), 1).amount == yuan(909)


def test_the_withheld_amount_is_returned_with_the_last_units():
    order = ten_and_a_hundred()
    first = grant(order, a_refund(order, 1))
    rest = a_refund(order, None, first)
    assert (rest.kind, rest.amount, rest.difference) == (Kind.CANCELLATION, yuan(1000), yuan(-909))
    assert reasons(rest) == [("difference_returned", 909)]


def test_after_shipping_the_withheld_amount_is_returned_with_its_units():
    order = ten_and_a_hundred()
    first = grant(order, a_refund(order, 1))
    rest = a_refund(order, None, first, shipped=True)
    assert (rest.kind, rest.amount) == (Kind.REFUND, yuan(1000))


def test_a_refund_that_failed_withholds_nothing():
    order = ten_and_a_hundred()
    failed = grant(order, a_refund(order, 1))
    failed.move(RefundState.FAILED)
    rules.release_claim(order, failed)
    assert a_refund(order, None, failed).amount == order.total


def test_after_shipping_a_refund_pays_the_shares():
    assert a_refund(ten_and_a_hundred(), 1, shipped=True).amount == yuan(909)


def test_free_shipping_is_lost_if_too_little_of_the_order_remains():
    order = two_trays(Terms(shipping=FREE_FROM_88))
    refund = a_refund(order, 0)
    assert (refund.amount, reasons(refund)) == (yuan(4200), [("free_shipping_lost", -800)])


def test_a_shipping_fee_that_was_paid_is_not_charged_twice():
    assert a_refund(two_trays(Terms(shipping=ALWAYS_8), shipping=800), 0).amount == yuan(5000)


def test_a_discount_by_percent_is_unchanged():
    terms = Terms(shipping=ALWAYS_8, discounts=(Discount(threshold=0, percent=10),))
    assert a_refund(two_trays(terms, paid=4500, shipping=800), 0).amount == yuan(4500)


def test_a_discount_by_percent_is_lost_below_its_threshold():
    terms = Terms(shipping=ALWAYS_8, discounts=(Discount(threshold=10_000, percent=10),))
    assert a_refund(two_trays(terms, paid=4500, shipping=800), 0).amount == yuan(4000)


def test_remaining_units_that_cost_less_than_their_share_do_not_raise_the_refund():
    terms = Terms(shipping=ALWAYS_8, discounts=(Discount(threshold=5000, off=1000),))
    assert a_refund(two_trays(terms, paid=4500, shipping=800), 0).amount == yuan(4500)


@given(TERMS, GOODS)
def test_no_price_is_below_zero_and_no_discount_raises_it(terms, goods):
    price = terms.price(goods)
    assert 0 <= price.goods <= goods
    assert price.shipping in (0, terms.shipping.fee)


@given(TERMS, GOODS, GOODS)
def test_terms_without_thresholds_do_not_depend_on_how_much_remains(terms, goods, fewer):
    plain = Terms(shipping=Shipping(fee=terms.shipping.fee))
    assert plain.price(min(goods, fewer)) == Price(goods=min(goods, fewer), shipping=terms.shipping.fee)


@given(TERMS, st.lists(st.tuples(st.integers(1, 5), GOODS, GOODS), min_size=2, max_size=4), GOODS, GOODS)
def test_the_order_keeps_the_price_of_the_remaining_units_or_all_of_the_refund(terms, lines, held, fee):
    bought = [a_line(quantity=n, unit_price=yuan(each), paid=paid) for n, each, paid in lines]
    order = an_order(*bought, shipping=fee, terms=terms, policy=Policy.REPRICE_BEFORE_SHIPPING)
    order.withheld_goods = held
    refund = rules.claim(order, [(bought[0].line_id, bought[0].quantity)], unsent={}, refund_id=new_id(), **ABOUT)
    remaining = repricing.kept(order, [refund])
    goods, shipping = repricing.before_shipping(order, refund, remaining)
    had = bought[0].paid.amount + held
    price, share = terms.price(repricing.listed(remaining)), repricing.share(remaining)
    wanted = max(price.goods, share) + max(price.shipping, fee)
    assert min(goods, shipping) >= 0
    assert share + goods + fee + shipping == min(wanted, share + fee + had)
