"""Every page, as its reader sees it: accessible, not wider than the window, nothing fails."""

import pytest

from shared.testing.lengths import IS_LONG
from tests.browser.pages import PAGES, addresses, routes
from tests.browser.trade import day_of_trade

NOT_VISITED = {  # they need what a day of trade does not have
    ("merchant", "/imports/:importId"),
    ("operator", "/sagas/:service(orders|users)/:id"),
}
ONE = [("small phone", "zh-CN", "light")]
ALL = [(d, t, s) for d in ("small phone", "tablet", "desk") for t in ("zh-CN", "en") for s in ("light", "dark")]


@pytest.fixture(scope="module")
def trade(market):
    return day_of_trade(market)


def test_every_page_is_visited(market):
    assert routes() == {(page.app, page.route) for page in PAGES.values()} | NOT_VISITED


@pytest.mark.parametrize(("device", "language", "theme"), ALL if IS_LONG else ONE)
@pytest.mark.parametrize("name", [*PAGES, "nothing"])
def test_a_page_is_accessible_and_fits_its_window(visit, trade, name, device, language, theme):
    visitor = visit(device, language, theme)
    path = addresses(trade).get(name, "/nothing-here")
    role = PAGES[name].role if name in PAGES else None
    visitor.visits(path, trade.person_of(role))
    assert (visitor.violations(), visitor.is_too_wide()) == ([], False)
