"""What people do on the pages: a shopper, a shop's owner and an operator, each in a browser and a language."""

import re
from dataclasses import dataclass
from uuid import uuid4

from playwright.sync_api import Locator, expect

from tests.browser.visitor import PATIENCE, Visitor
from tests.browser.words import says

SOON = 45_000  # milliseconds; for what other services do meanwhile
expect.set_options(timeout=PATIENCE)


@dataclass
class Reader:
    """A person who finds things on a page by what is written there."""

    visitor: Visitor
    app: str

    @property
    def page(self):
        return self.visitor.page

    def says(self, name, **given):
        return says(self.app, self.visitor.language, name, **given)

    def within(self, name):
        """A pattern for a text anywhere in another one."""
        return re.compile(self.says(name).pattern.removeprefix("^"))

    def button(self, name, **given) -> Locator:
        return self.page.get_by_role("button", name=self.says(name, **given)).filter(visible=True).first

    def link(self, name, **given) -> Locator:
        return self.page.get_by_role("link", name=self.says(name, **given)).filter(visible=True).first

    def field(self, name, **given) -> Locator:
        return self.page.get_by_label(self.says(name, **given)).filter(visible=True).first

    def heading(self, name, **given) -> Locator:
        return self.page.get_by_role("heading", name=self.says(name, **given)).first

    def sees(self, name, within=PATIENCE, **given) -> None:
        """Wait until a text is on the page."""
        expect(self.page.get_by_text(self.says(name, **given)).filter(visible=True).first).to_be_visible(
            timeout=within
        )


class ShopperOnPages(Reader):
    """Buys and gives back."""

    def __init__(self, visitor):
        super().__init__(visitor, "storefront")

    def searches(self, words):
        box = self.page.get_by_role("searchbox")
        box.fill(words)
        box.press("Enter")
        self.page.wait_for_url("**/goods?q=*")

    def opens(self, product):
        self.page.locator(f"main a[href='/products/{product['product_id']}']").first.click()
        self.page.wait_for_url("**/products/*")

    def puts_into_cart(self, pieces=1):
        """Choose how many, on a phone in the sheet, and put them into the cart."""
        if self.visitor.is_phone:
            self.link("buy.add").click()
        for _ in range(pieces - 1):
            self.button("frame.more").click()
        self.button("buy.add").click()
        self.sees("buy.added")

    def registers(self, email=None):
        email = email or f"{uuid4().hex[:12]}@shopper.example"
        self.field("sign.name").fill("周静")
        self.field("sign.email").fill(email)
        self.page.locator("input[type=password]").fill("correct horse 电池")
        self.button("sign.up.do").click()
        return email

    def writes_address(self):
        self.field("address.contact").fill("周静")
        self.field("address.phone").fill("13800138000")
        for at, level in enumerate(("province", "city", "district")):
            choice = self.page.locator(f"select[id$='-{level}']")
            expect(choice).to_be_enabled()
            choice.select_option(index=2 if at == 0 else 1)
        self.field("address.street").fill("北山街 84 号")
        self.button("address.save").click()

    def places_order(self):
        """Submit the order; returns the checkout's id."""
        submit = self.button("checkout.submit")
        expect(submit).to_be_enabled()
        submit.click()
        self.page.wait_for_url("**/pay/*")
        return self.page.url.rsplit("/", 1)[1]


class OwnerOnPages(Reader):
    """Works at the desk of a shop."""

    def __init__(self, visitor):
        super().__init__(visitor, "merchant")

    def accepts(self):
        self.button("orders.accept").click()
        expect(self.field("orders.ship.number")).to_be_visible()

    def ships(self, carrier, number):
        self.field("orders.ship.carrier").select_option(carrier)
        self.field("orders.ship.number").fill(number)
        self.button("orders.ship.do").click()
        state = self.page.get_by_role("status").filter(has_text=self.within("orders.state.shipped"))
        expect(state.first).to_be_visible()


def signs_in_at_desk(reader, person, path):
    """Sign in by the form of a desk, at an address of it."""
    reader.visitor.page.goto(path)
    reader.field("desk.sign_in.email").fill(person.email)
    reader.field("desk.sign_in.password").fill(person.password)
    reader.button("desk.sign_in.do").click()
    reader.page.wait_for_selector("nav.side")
