"""A quote is paid line by line: the lines add up to the parts, and these to the checkout."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from marketing.pricing.model.basket import Want, price
from marketing.pricing.model.shipping import Zone
from marketing.pricing.tokens import claims
from orders.aftersale.model.states import RefundState
from orders.checkout.model.checkout import Checkout, CheckoutState
from orders.checkout.model.process import CheckoutProcess
from orders.checkout.model.quote import Quote
from orders.checkout.use_cases import check_out
from orders.fulfilment.model.lines import part as part_of
from orders.fulfilment.model.terms import Policy
from orders.sagas.checkout import open_payment
from payments.taking.model.parts import Part
from payments.taking.use_cases.part_lines import add_up, kept
from services.marketing.tests.builders import coupon, known, named, priced
from services.marketing.tests.builders import terms as coupon_terms
from services.payments.tests.builders import payment
from shared import shapes
from shared.contracts.payments import LineKind
from shared.ids import new_id
from shared.money import Money, total
from tests.model.test_refund_amounts import ACTS, LINES, TERMS, Case, an_order_of

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LISTED = st.lists(  # of the first or the second shop: list price and quantity
    st.tuples(st.sampled_from(["TEA-HOUSE", "PEN-SHOP"]), st.integers(0, 5000), st.integers(1, 9)),
    min_size=1,
    max_size=8,
)
ZONES = st.builds(
    lambda fee, free_from: Zone("standard", Money(fee), None if free_from is None else Money(free_from)),
    st.integers(0, 2000),
    st.none() | st.integers(0, 9000),
)


def quoted(listed, zone, off):
    """Marketing's quote for this basket, as read by orders; `off` is the tea house's coupon."""
    names = [f"SKU {place}" for place in range(len(listed))]
    shelf = {
        named(name): priced(name, Money(each), shop) for name, (shop, each, _) in zip(names, listed, strict=True)
    }
    basket = [Want(named(name), pieces) for name, (_, _, pieces) in zip(names, listed, strict=True)]
    goods = sum(each * pieces for shop, each, pieces in listed if shop == "TEA-HOUSE")
    of_tea_house = coupon_terms(threshold=Money(goods), discount=Money(min(off, goods)))
    coupons = [coupon(terms=of_tea_house)] if goods and off else []
    found = price(basket, known(shelf, coupons, zone, NOON))
    return shapes.load(Quote, {**claims(found), "quote_id": str(new_id()), "buyer_id": str(new_id())})


def checked_out(quote):
    """The saga's state for an ordered quote."""
    ids = {"checkout_id": new_id(), "payment_id": new_id()}
    checkout = Checkout(
        **ids,
        quote_id=quote.quote_id,
        buyer_id=quote.buyer_id,
        method="wechat",
        total=quote.total,
        currency=quote.currency,
        state=CheckoutState.PLACED,
        address={},
        contact={},
        note="",
        benefits=quote.benefits,
        taken_from_cart={},
        expires_at=NOON + timedelta(minutes=30),
        created_at=NOON,
    )
    return CheckoutProcess.of(
        checkout, [check_out._order(checkout, shop, Policy.FROZEN_SHARES) for shop in quote.shops]
    )


@settings(deadline=None)
@given(LISTED, ZONES, st.integers(0, 30_000))
def test_the_lines_of_a_payments_parts_add_up_to_the_checkout_for_any_quote(listed, zone, off):
    quote = quoted(listed, zone, off)
    command = open_payment(checked_out(quote))
    assert all(map(add_up, command.parts))
    lines = [line for part in command.parts for line in part.lines]
    assert total(line.paid for line in lines) == command.amount == Money(quote.total)
    assert len({line.line_id for line in lines}) == len(lines)
    of_kind = Counter()
    for line in lines:
        of_kind[line.kind] += line.paid.amount
    assert of_kind[LineKind.SHIPPING] == sum(shop.shipping for shop in quote.shops)
    borne = sum(line.discount.shop.amount + line.discount.platform.amount for line in lines)
    assert borne == sum(shop.discount for shop in quote.shops)


@settings(deadline=None)
@given(LINES, TERMS, st.sampled_from(Policy), ACTS, st.randoms())
def test_payments_refunds_of_each_line_what_orders_requests_in_any_order_of_the_refunds(
    lines, terms, policy, acts, shuffling
):
    case = Case(an_order_of(lines, terms, policy))
    for action, place, pieces in acts:
        getattr(case, action)(place, pieces)
    case.request_the_rest()
    while case.one(0, RefundState.REQUESTED):
        case.grant(0)
    order = case.order
    part = part_of(order)
    paid = payment(amount=part.amount, parts=[Part.unpaid(part.order_id, part.shop_id, part.amount, kept(part))])
    paid.capture(NOON)
    refunds = [refund for refund in case.granted if refund.amount]
    shuffling.shuffle(refunds)
    for refund in refunds:
        assert paid.refund(order.order_id, refund.amount, refund.by_line)
    assert {line.line_id: line.refunded.amount for line in paid.parts[0].lines if line.refunded} == +case.by_line()
