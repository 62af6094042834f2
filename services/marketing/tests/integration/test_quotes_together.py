"""Quotes that are requested together are those that each would get alone, from one reading of the prices."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from marketing.service import MarketingService
from services.marketing.tests.builders import named, product, shopper, yuan
from services.marketing.tests.stored import give
from shared.contracts.catalog import ProductWithdrawn
from shared.testing import deliver
from shared.testing.lengths import lasting
from tests.together import Counter

GENERATED = {"quote_id", "token", "expires_at"}


@pytest.fixture
def quotes(open_work, quote_key):
    deliver(
        MarketingService,
        open_work,
        product("TEAPOT", yuan(66)),
        product("TRAY", yuan(40)),
        product("FOUNTAIN-PEN", yuan(120), shop="STATIONER"),
        product("GONE", yuan(5)),
    )
    gone = ProductWithdrawn(product_id=named("GONE product"), shop_id=named("TEA-HOUSE"), version=9)
    deliver(MarketingService, open_work, gone)
    return Counter(MarketingService, open_work, "request_quote").answers


def wanted(*names, province="浙江省", buyer="MEI", coupons=()):
    lines = [{"sku_id": str(named(name)), "quantity": quantity} for name, quantity in names]
    benefits = [{"kind": "coupon", "coupon_id": str(each)} for each in coupons]
    return shopper(buyer), {"lines": lines, "province": province, "benefits": benefits}


def plain(answers):
    """The answers without generated values."""
    return [
        answer["error"] or {name: value for name, value in answer["result"].items() if name not in GENERATED}
        for answer in answers
    ]


def test_the_prices_for_all_quotes_are_read_by_one_statement(quotes, open_work):
    statements = []
    event.listen(open_work.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    asked = [wanted(("TEAPOT", 1)), wanted(("TRAY", 2)), wanted(("TEAPOT", 1), ("FOUNTAIN-PEN", 3))]
    totals = [answer["result"]["total"]["amount"] for answer in quotes(asked)]
    assert totals == [6600 + 800, 8000 + 800, 6600 + 800 + 36_000]
    assert len(statements) == 1, statements


def test_a_quote_that_is_refused_disturbs_no_other(quotes):
    asked = [
        wanted(("TEAPOT", 1)),
        wanted(("GONE", 1)),
        wanted(("NEVER-SOLD", 1)),
        wanted(("TEAPOT", 1), province="Atlantis"),
        (shopper("MEI"), {"lines": "none"}),
        wanted(("TRAY", 1)),
    ]
    answers = quotes(asked)
    assert [bool(answer["result"]) for answer in answers] == [True, False, False, False, False, True]
    assert plain(answers) == plain(quotes(asked, 1))


NAMES = st.sampled_from(["TEAPOT", "TRAY", "FOUNTAIN-PEN", "TEAPOT", "TRAY", "GONE", "NEVER-SOLD"])
LINES = st.lists(st.tuples(NAMES, st.integers(1, 12)), min_size=1, max_size=3)
BASKETS = st.tuples(
    LINES, st.sampled_from(["浙江省", "浙江省", "西藏", "Atlantis"]), st.sampled_from(["MEI", "LI"])
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=lasting(40, long=1000),
    deadline=None,
)
@given(baskets=st.lists(st.tuples(BASKETS, st.booleans()), min_size=2, max_size=6))
def test_quotes_that_are_requested_together_are_those_that_are_requested_one_after_the_other(
    quotes, coupons, baskets
):
    asked = [
        wanted(*lines, province=province, buyer=buyer, coupons=coupons if with_coupon else ())
        for (lines, province, buyer), with_coupon in baskets
    ]
    assert plain(quotes(asked)) == plain(quotes(asked, 1))


@pytest.fixture
def coupons(open_work, offered):
    """A coupon of Mei, which Li cannot use."""
    return give(open_work, offered)
