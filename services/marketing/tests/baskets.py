"""Strategies of baskets, for properties of prices."""

from hypothesis import strategies as st

from marketing.pricing.model.basket import Want
from services.marketing.tests.builders import coupon, named, priced, terms
from shared.money import Money

NAMES = [f"SKU-{n}" for n in range(8)]
SHOPS = ["TEA-HOUSE", "STATIONER"]


@st.composite
def baskets(draw):
    """A basket with list prices, and a usable coupon for each of its shops."""
    amounts, shops = st.integers(0, 10**7), st.sampled_from(SHOPS)
    shelf = {named(name): priced(name, Money(draw(amounts)), draw(shops)) for name in NAMES}
    line = st.builds(Want, st.sampled_from(sorted(shelf)), st.integers(1, 999))
    basket = draw(st.lists(line, min_size=1, max_size=8))
    goods = dict.fromkeys(map(named, SHOPS), 0)
    for want in basket:
        goods[shelf[want.sku_id].shop_id] += shelf[want.sku_id].amount.amount * want.quantity
    return basket, shelf, [draw(coupons(shop, goods[named(shop)])) for shop in SHOPS if goods[named(shop)]]


@st.composite
def coupons(draw, shop, goods):
    threshold = draw(st.integers(1, goods))
    discount = draw(st.integers(1, threshold))
    return coupon(shop, terms=terms(shop, Money(threshold), Money(discount)))
