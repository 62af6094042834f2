"""The whole system with its built pages, in a real browser."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import sync_playwright

from local import auditing, browsers, web
from local.demo import loader
from local.demo.people import people
from local.running import temporary
from tests.browser.visitor import Visitor
from tests.e2e.people import CLIENTS, Provider, User, until

ENOUGH = 40  # pieces


@pytest.fixture(scope="session")
def market(servers, launch):
    """A system of the browser tests' own, with shops, products, accounts and the built pages.

    After the last test the auditor checks that everything adds up.
    """
    web.build()
    with temporary(servers, launch=launch) as system, CLIENTS:
        loader.load(system.site)
        anyone = User(system.url)
        until(lambda: anyone.get("/products", limit=100)["items"], lambda items: len(items) >= 20)
        yield system
        auditing.check_consistent(system.site, servers)


@pytest.fixture(scope="module")
def chromium():
    """One browser process for the tests of a file; each visitor has a profile of their own.

    While it runs, an event loop runs in this thread, in which no other test could run its own.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(browsers.chromium()), args=browsers.ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(market, chromium):
    """Makes visitors: `visit()` reads Chinese on a phone, `visit("desk", "en")` English on a desktop."""
    with ExitStack() as leaving:

        def arrive(device="phone", language="zh-CN", theme="light"):
            visitor = Visitor.arriving(chromium, market.url, device, language, theme)
            leaving.callback(visitor.leave)
            return visitor

        yield arrive


@pytest.fixture(scope="session")
def cast(market):
    """The accounts of the demo by role; merchants by the slug of their shop."""
    found = people(market.site.run_dir)
    return {person.shop or person.role: person for person in reversed(found)}


@pytest.fixture(scope="session")
def shops(market):
    """The slugs of all shops by their ids."""
    return {each["shop_id"]: each["slug"] for each in User(market.url).get("/shops", limit=100)["items"]}


class Sandbox(Provider):
    """The payment provider, with an app in which people see what they may pay."""

    def newest(self):
        """The transaction whose code was made last."""
        found = self.http.get("/sandbox/transactions").json()["items"]
        return max(found, key=lambda each: each["out_trade_no"])

    def pays_the_newest(self):
        """Pay the code that was made last."""
        return self.pays(self.newest()["code_url"])


@pytest.fixture
def provider(market):
    """The sandbox of the payment provider."""
    return Sandbox(market.urls["sandbox"])


@pytest.fixture(scope="session")
def goods(market):
    """A product with several SKUs, and enough of its first one for all tests."""
    anyone = User(market.url)
    cards = anyone.get("/products", limit=100)["items"]
    products = (anyone.get(f"/products/{card['product_id']}") for card in cards)
    return next(each for each in products if len(each["skus"]) > 1 and each["skus"][0]["available"] >= ENOUGH)
