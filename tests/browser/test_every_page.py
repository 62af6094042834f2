"""Every page, as its reader sees it: accessible, not wider than the window, nothing fails."""

from contextlib import ExitStack
from functools import cache

import pytest

from shared.testing.lengths import IS_LONG
from tests.browser.keyboard import walked
from tests.browser.pages import PAGES, addresses, routes
from tests.browser.trade import day_of_trade
from tests.browser.visitor import Visitor

ONE = [("small phone", "zh-CN", "light")]
TROUBLES = [(name, trouble) for name in PAGES for trouble in ("failing", "waiting")]
SOME_WALKS = ["product", "checkout", "orders of a shop", "overview"]
SOME_TROUBLES = [("home", "failing"), ("orders", "waiting"), ("today", "failing"), ("overview", "waiting")]
ALL = [
    (d, t, s)
    for d in ("small phone", "tablet", "zoomed", "desk")
    for t in ("zh-CN", "en")
    for s in ("light", "dark")
]


@pytest.fixture(scope="module")
def trade(market):
    return day_of_trade(market)


def test_every_page_is_visited(market):
    assert routes() == {(page.app, page.route) for page in PAGES.values()}


@pytest.fixture(scope="module")
def reading(market, chromium, trade):
    """A visitor for each role, device, language and theme: whoever has signed in reads all pages of the role."""
    with ExitStack() as leaving:

        @cache
        def visitor_for(role, *looks):
            visitor = Visitor.arriving(chromium, market.url, *looks)
            leaving.callback(visitor.leave)
            person = trade.person_of(role)
            return visitor.signs_in(person) if person else visitor

        yield visitor_for


@pytest.mark.parametrize("looks", ALL if IS_LONG else ONE, ids=" ".join)
@pytest.mark.parametrize("name", [*PAGES, "nothing"])
def test_a_page_is_accessible_and_fits_its_window(reading, trade, name, looks):
    visitor = reading(PAGES[name].role if name in PAGES else None, *looks)
    visitor.visits(addresses(trade).get(name, "/nothing-here"))
    assert (visitor.violations(), visitor.is_too_wide(), visitor.errors) == ([], False, [])


@pytest.mark.parametrize(("name", "trouble"), TROUBLES if IS_LONG else SOME_TROUBLES)
def test_a_page_in_trouble_is_accessible_and_fits_its_window(visit, trade, name, trouble):
    visitor = visit(PAGES[name].device)
    if person := trade.person_of(PAGES[name].role):
        visitor.signs_in(person)
    visitor.meets(trouble)
    visitor.opens(addresses(trade)[name])
    if trouble == "failing":
        visitor.settles()
    assert (visitor.violations(), visitor.is_too_wide()) == ([], False)


@pytest.mark.parametrize("name", PAGES if IS_LONG else SOME_WALKS)
def test_every_control_of_a_page_is_reached_by_the_keyboard_and_shows_it(reading, trade, name):
    visitor = reading(PAGES[name].role, PAGES[name].device, "zh-CN", "light")
    visitor.visits(addresses(trade)[name])
    assert walked(visitor.page) == []
