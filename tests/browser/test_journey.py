"""The whole journey on the pages: a shopper buys, the shop ships, a piece goes back, an operator finds it all."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.people import SOON, OwnerOnPages, Reader, ShopperOnPages, signs_in_at_desk
from tests.browser.trade import reports

CARRIER = "sf-express"
NUMBER = re.compile(r"\d{20}")  # of an order


@pytest.mark.parametrize(("device", "language"), [("phone", "zh-CN"), ("desk", "en")])
def test_m8_m9_m21_a_stranger_buys_the_shop_ships_and_a_piece_is_refunded(
    visit, market, shops, cast, goods, provider, device, language
):
    shopper = ShopperOnPages(visit(device, language))
    order_path = _buys(shopper, goods, provider)
    number = _number_of(shopper)

    owner = OwnerOnPages(visit("desk", language))
    _ships(owner, market, cast[shops[_shop_of(shopper)]], shopper, order_path)
    shopper.sees("order.say.delivered", within=SOON)

    amount = _asks_for_a_refund(shopper)
    _grants_it(owner, amount)
    shopper.sees("refund.say.refunded", within=SOON)

    operator = Reader(visit("desk", language), "operator")
    signs_in_at_desk(operator, cast["operator"], f"/operator/sagas/order/{number}")
    expect(operator.page.get_by_role("link", name=operator.says("sagas.names.orders_refund"))).to_be_visible()
    operator.link("sagas.names.orders_checkout").click()
    operator.page.wait_for_url("**/operator/sagas/orders/*")
    operator.sees("sagas.status.done")
    operator.page.go_back()
    operator.page.get_by_role("main").get_by_role("link", name=operator.says("order.payment")).first.click()
    operator.sees("ledger.postings.refund_requested")


def _buys(shopper, goods, provider):
    """Search, choose, register on the way, pay; returns the order's path."""
    shopper.visitor.opens("/")
    shopper.searches(goods["title"])
    shopper.opens(goods)
    shopper.puts_into_cart(2)
    shopper.page.goto("/cart")
    shopper.link("cart.check_out").click()
    shopper.link("sign.up.title").click()
    shopper.registers()
    shopper.writes_address()
    shopper.places_order()
    shopper.sees("pay.scan", within=SOON)
    provider.pays_the_newest()
    expect(shopper.heading("pay.over.paid.title")).to_be_visible(timeout=SOON)
    shopper.link("pay.see").click()
    shopper.page.wait_for_url("**/orders/*")
    return shopper.page.url


def _number_of(shopper):
    shown = shopper.page.get_by_text(NUMBER).first
    expect(shown).to_be_visible()
    return NUMBER.search(shown.inner_text())[0]


def _shop_of(shopper):
    return shopper.page.locator("main a[href^='/shops/']").first.get_attribute("href").rsplit("/", 1)[1]


def _ships(owner, market, person, shopper, order_path):
    signs_in_at_desk(owner, person, f"/merchant/orders/{order_path.rsplit('/', 1)[1]}")
    owner.accepts()
    shopper.sees("order.say.preparing", within=SOON)
    parcel = {"carrier": CARRIER, "tracking_number": f"SF{uuid4().int % 10**12}"}
    owner.ships(CARRIER, parcel["tracking_number"])
    shopper.sees("order.say.shipped", within=SOON)
    reports(market, parcel, "in_transit")
    reports(market, parcel, "delivered")


def _asks_for_a_refund(shopper):
    shopper.link("orders.act.refund").click()
    shopper.page.get_by_role("button", name=shopper.says("refund.one_more")).first.click()
    ask = shopper.button("refund.ask.go")
    expect(ask).to_be_enabled()
    amount = ask.inner_text()
    ask.click()
    shopper.sees("refund.say.requested", within=SOON)
    return amount


def _grants_it(owner, _amount):
    owner.page.goto("/merchant/refunds")
    owner.page.locator("tbody a[data-go]").first.click()
    owner.button("refunds.approve").click()
    owner.sees("refunds.state.running", within=SOON)
