"""A merchant edits a product: beside a colleague, with a spreadsheet, and by dragging pictures."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import Reader
from tests.e2e.people import User, succeeded

PASTE = """(field, text) => {
    const data = new DataTransfer()
    data.setData('text/plain', text)
    field.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))
}"""


@pytest.fixture
def owner(visit, cast):
    reader = Reader(visit("desk", "en"), "merchant")
    reader.visitor.signs_in(cast["shanyu-pottery"], "/merchant/")
    return reader


@pytest.fixture
def by_api(market, cast):
    person = cast["shanyu-pottery"]
    return User(market.url).signs_in(person.email, person.password)


@pytest.fixture
def edited(by_api, cast, shops, goods):
    """A product with several SKUs and pictures that no other test buys; it is as before afterwards."""
    shop_id = next(each for each, slug in shops.items() if slug == "shanyu-pottery")
    cards = by_api.get("/products", shop_id=shop_id, limit=100)["items"]
    products = (by_api.get(f"/merchant/products/{card['product_id']}") for card in cards)
    found = next(
        each
        for each in products
        if len(each["skus"]) > 1 and len(each["pictures"]) > 1 and each["product_id"] != goods["product_id"]
    )
    yield found
    skus = [{name: sku[name] for name in ("code", "option_values", "price")} for sku in found["skus"]]
    pictures = [{name: picture[name] for name in ("src", "alt")} for picture in found["pictures"]]
    before = {"brand": found["brand"], "tags": found["tags"], "skus": skus, "pictures": pictures}
    succeeded(by_api.call("PATCH", f"/merchant/products/{found['product_id']}", before))


def test_what_two_people_changed_is_shown_side_by_side_and_nothing_is_lost(owner, by_api, edited):
    path = f"/merchant/products/{edited['product_id']}"
    owner.visitor.visits(path)
    owner.field("product.brand").fill("Mine")
    owner.field("product.tags").fill("mine, too")
    succeeded(by_api.call("PATCH", path, {"brand": "Theirs"}))
    owner.button("product.save").click()
    expect(owner.heading("product.conflict.title")).to_be_visible()
    sides = owner.page.get_by_role("dialog")
    expect(sides).to_contain_text("Mine")
    expect(sides).to_contain_text("Theirs")
    sides.locator("input[value=theirs]").check()
    owner.button("product.conflict.do").click()
    owner.button("product.save").click()
    owner.sees("product.saved")
    saved = by_api.get(path)
    assert (saved["brand"], saved["tags"]) == ("Theirs", ["mine", "too"])


def test_prices_are_pasted_from_a_spreadsheet_and_pictures_dragged_into_another_order(owner, by_api, edited):
    path = f"/merchant/products/{edited['product_id']}"
    owner.visitor.visits(path)
    prices = owner.page.locator("table.sku tbody tr:not(.fill) td.c-price input")
    prices.first.evaluate(PASTE, "611.00\n622.50")
    pictures = owner.page.locator(".pic-grip")
    pictures.nth(1).drag_to(pictures.nth(0))
    owner.button("product.save").click()
    owner.sees("product.saved")
    saved = by_api.get(path)
    assert [sku["price"]["amount"] for sku in saved["skus"]][:2] == [61100, 62250]
    before = [picture["src"] for picture in edited["pictures"]]
    assert [picture["src"] for picture in saved["pictures"]][:2] == [before[1], before[0]]
