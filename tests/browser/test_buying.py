"""Every step of buying, with what people do beside the straight way: guests, tabs, back, reload, late clicks."""

import re
from contextlib import suppress
from types import SimpleNamespace

import pytest
from playwright.sync_api import TimeoutError as TooLate
from playwright.sync_api import expect

from tests.browser.people import SOON, ShopperOnPages
from tests.e2e.people import ADDRESS, Shopper, User, succeeded

PASSWORD = "correct horse 电池"
MOST_HELD = 20  # pieces of a SKU that one person may hold
UNPAID = "main article .btn[href^='/pay/']"  # the button of an order that waits for its payment


@pytest.fixture
def shopper(visit):
    return ShopperOnPages(visit())


@pytest.fixture
def arriving(market, shopper):
    """Has a shopper with an account and an address come to the cart or the checkout."""

    def arrive(path, *lines):
        buyer = Shopper(market.url).registers(PASSWORD)
        buyer.post("/me/addresses", {**ADDRESS, "contact": "周静", "phone": "13800138000"})
        for sku_id in lines:
            buyer.put(f"/cart/lines/{sku_id}", {"quantity": 1})
        shopper.visitor.signs_in(SimpleNamespace(email=buyer.email, password=PASSWORD), path)
        go_on = shopper.link("cart.check_out") if path == "/cart" else shopper.button("checkout.submit")
        expect(go_on).to_be_enabled()
        return shopper

    return arrive


@pytest.fixture
def ready(arriving, goods):
    """A shopper at the checkout, with a product in the cart."""
    return arriving("/checkout", goods["skus"][0]["sku_id"])


@pytest.fixture
def scarce(market):
    """A SKU of which few are left, and how many."""
    anyone = Shopper(market.url)
    cards = anyone.get("/products", limit=100)["items"]
    products = (anyone.get(f"/products/{card['product_id']}") for card in cards)
    sku = next(sku for product in products for sku in product["skus"] if 0 < sku["available"] <= MOST_HELD)
    return sku["sku_id"], sku["available"]


def test_m8_a_guests_cart_survives_a_reload_another_tab_and_signing_in(shopper, cast, goods):
    shopper.visitor.opens(f"/products/{goods['product_id']}")
    shopper.puts_into_cart()
    other = shopper.visitor.another_tab()
    other.goto("/cart")
    expect(other.get_by_text(goods["title"]).first).to_be_visible()
    shopper.page.goto("/sign-in?next=/cart")
    shopper.field("sign.email").fill(cast["shopper"].email)
    shopper.page.locator("input[type=password]").fill(cast["shopper"].password)
    shopper.button("sign.in.do").click()
    shopper.page.wait_for_url("**/cart")
    expect(shopper.page.get_by_text(goods["title"]).first).to_be_visible()
    shopper.page.reload()
    expect(shopper.page.get_by_text(goods["title"]).first).to_be_visible()


def test_a_guest_sees_what_shipping_to_a_province_costs(shopper, goods):
    shopper.visitor.opens(f"/products/{goods['product_id']}")
    shopper.button("buy.choose").click()
    shopper.page.get_by_label(shopper.says("buy.province")).select_option("650000")
    shopper.sees("buy.fee", fee="¥20.00")


def test_a_line_that_was_removed_by_mistake_is_put_back_where_it_was(shopper, goods):
    shopper.visitor.opens(f"/products/{goods['product_id']}")
    shopper.puts_into_cart()
    shopper.visitor.opens("/cart")
    shopper.button("cart.remove").click()
    shopper.button("cart.restore").click()
    expect(shopper.link("cart.check_out")).to_be_visible()
    shopper.page.reload()
    expect(shopper.page.get_by_text(goods["title"]).first).to_be_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_is_wrong_in_a_field_is_said_in_the_language_of_the_page(visit, language):
    shopper = ShopperOnPages(visit(language="en" if language == "zh-CN" else "zh-CN"))  # the browser's language
    shopper.visitor.language = language
    shopper.visitor.opens(f"/sign-in?lang={language}")
    email = shopper.page.locator("input[type=email]")
    for written, fault in (("", "fields.missing"), ("nobody", "fields.email")):
        email.fill(written)
        shopper.button("sign.in.do").click()
        assert shopper.says(fault).match(email.evaluate("field => field.validationMessage"))


def test_an_order_that_is_submitted_twice_at_once_is_placed_once(ready):
    ready.button("checkout.submit").dblclick()
    ready.page.wait_for_url("**/pay/*")
    ready.visitor.opens("/orders?tab=pay")
    expect(ready.page.locator(UNPAID)).to_have_count(1)


def test_an_order_that_is_submitted_in_two_tabs_is_placed_once_and_the_second_tab_says_so(ready):
    other = ShopperOnPages(ready.visitor)
    second = ready.visitor.another_tab()
    second.goto("/checkout")
    ready.places_order()
    other.visitor.page = second
    with suppress(TooLate):  # the tab may have heard of the order, and have no button any more
        other.button("checkout.submit").click(timeout=3000)
    said = second.get_by_text(other.says("checkout.elsewhere")).or_(
        second.get_by_text(other.says("checkout.empty"))
    )
    expect(said.first).to_be_visible()
    second.goto("/orders?tab=pay")
    expect(second.locator(UNPAID)).to_have_count(1)


def test_back_after_the_order_is_placed_does_not_place_it_again(ready):
    ready.places_order()
    ready.page.go_back()
    ready.page.wait_for_load_state("networkidle")
    assert "/checkout" not in ready.page.url
    ready.visitor.opens("/orders?tab=pay")
    expect(ready.page.locator(UNPAID)).to_have_count(1)


def test_what_is_written_at_the_checkout_survives_a_reload(ready):
    note = ready.page.locator("input[aria-labelledby=h-note]")
    note.fill("请放门口")
    ready.page.reload()
    expect(ready.page.locator("input[aria-labelledby=h-note]")).to_have_value("请放门口")
    expect(ready.button("checkout.submit")).to_be_enabled()


def test_a_page_to_pay_says_that_it_is_paid_after_a_reload_and_in_another_tab(ready, provider):
    ready.places_order()
    ready.sees("pay.scan", within=SOON)
    other = ready.visitor.another_tab()
    other.goto(ready.page.url)
    provider.pays_the_newest()
    for page in (ready.page, other):
        expect(page.get_by_role("heading", name=ready.says("pay.over.paid.title"))).to_be_visible(timeout=SOON)
    ready.page.reload()
    expect(ready.heading("pay.over.paid.title")).to_be_visible()


def test_an_answer_that_arrives_late_does_not_hide_the_code_that_the_stream_has_shown(ready):
    held = []

    def hold(route):
        held.append((route, route.fetch()))

    ready.page.route(re.compile(r"/api/v1/checkouts/[\w-]+$"), hold)
    ready.places_order()
    ready.sees("pay.scan", within=SOON)
    for route, answer in held:
        route.fulfill(response=answer)
    ready.page.unroute_all(behavior="wait")
    ready.sees("pay.scan")
    expect(ready.page.locator("svg.qr")).to_be_visible()


def test_an_order_that_is_cancelled_while_it_is_to_be_paid_gives_the_goods_back_to_the_cart(ready, goods):
    ready.places_order()
    ready.sees("pay.scan", within=SOON)
    ready.page.get_by_text(ready.says("pay.folds.cancel.title")).click()
    ready.button("pay.cancel").click()
    expect(ready.heading("pay.over.by_shopper.title")).to_be_visible(timeout=SOON)
    ready.visitor.opens("/cart")
    expect(ready.page.get_by_text(goods["title"]).first).to_be_visible()


def test_lesson_12_who_pays_after_the_cancellation_reads_that_the_money_comes_back(ready, provider):
    ready.places_order()
    ready.sees("pay.scan", within=SOON)
    code_url = provider.newest()["code_url"]
    ready.page.get_by_text(ready.says("pay.folds.cancel.title")).click()
    ready.button("pay.cancel").click()
    expect(ready.heading("pay.over.by_shopper.title")).to_be_visible(timeout=SOON)
    provider.does(code_url, "pay-late")
    back = ready.page.get_by_text(ready.says("returned.on_its_way")).or_(
        ready.page.get_by_text(ready.says("returned.arrived"))
    )
    expect(back).to_be_visible(timeout=SOON)
    ready.sees("pay.over.cancelled.text")
    ready.link("pay.see_cancelled").click()
    ready.sees("returned.arrived", within=SOON)
    expect(ready.page.get_by_text(ready.says("order.next.cancelled_unpaid"))).to_have_count(0)


def test_a_price_that_changed_since_the_goods_were_put_into_the_cart_is_said_at_the_checkout(
    arriving, market, cast, shops, goods
):
    owner = User(market.url).signs_in((person := cast[shops[goods["shop_id"]]]).email, person.password)
    shopper = arriving("/cart", goods["skus"][0]["sku_id"])
    path = f"/merchant/products/{goods['product_id']}"
    kept = [{name: sku[name] for name in ("code", "option_values", "price")} for sku in owner.get(path)["skus"]]
    dearer = [{**sku, "price": {**sku["price"], "amount": sku["price"]["amount"] + 100}} for sku in kept]
    try:
        succeeded(owner.call("PATCH", path, {"skus": dearer}))
        shopper.link("cart.check_out").click()
        expect(shopper.page.get_by_role("alert").filter(has_text=goods["title"])).to_contain_text("1.00")
    finally:
        succeeded(owner.call("PATCH", path, {"skus": kept}))


def test_goods_that_sell_out_at_the_last_step_are_said_and_nothing_is_lost(arriving, market, scarce):
    sku, left = scarce
    shopper = arriving(f"/checkout?sku={sku}&n=1")
    rival = Shopper(market.url).registers()
    placed = rival.checks_out((sku, left))
    rival.waits_for_qr_code(placed)
    shopper.button("checkout.submit").click()
    said = shopper.page.get_by_role("alert").or_(shopper.heading("pay.over.stock.title"))
    expect(said.first).to_be_visible(timeout=SOON)
    rival.post(f"/checkouts/{placed['checkout_id']}/cancel")
    rival.waits_for(placed, "cancelled")


def test_signing_out_in_one_tab_signs_out_in_the_other(visit, cast):
    visitor = visit().signs_in(cast["shopper"], "/me")
    other = visitor.another_tab()
    other.goto("/me")
    other.wait_for_selector("#app h1")
    reader = ShopperOnPages(visitor)
    reader.visitor.opens("/me")
    reader.button("me.leave").click()
    other.wait_for_url(re.compile("/sign-in"))
