"""Every page, as a visitor sees it who has just arrived: accessible, not wider than the window, nothing fails."""

import json

import pytest

from local.web import BUILT

PUBLIC = {
    "/": "/",
    "/goods": "/goods?q=壶",
    "/products/:productId": "/products/{product_id}",
}
DESKS = ("/merchant/", "/operator/")


def test_every_address_of_the_storefront_is_visited(market):
    assert set(json.loads((BUILT / "storefront" / "routes.json").read_text())) == set(PUBLIC)


@pytest.mark.parametrize("path", [*PUBLIC.values(), "/nothing-here", *DESKS])
def test_a_page_is_accessible_and_fits_a_small_phone(visit, goods, path):
    visitor = visit("small phone")
    visitor.opens(path.format(**goods))
    visitor.page.wait_for_load_state("networkidle")
    assert (visitor.violations(), visitor.is_too_wide()) == ([], False)
