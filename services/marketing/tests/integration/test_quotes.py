"""A quote is priced from marketing's copy of prices, and signed for its buyer."""

from datetime import datetime

import jwt
import pytest

from marketing.service import MarketingService
from services.marketing.tests.builders import benefits_of, named, product, shopper, yuan
from services.marketing.tests.stored import give
from shared.auth import Caller
from shared.contracts.marketing import HoldBenefits
from shared.errors import Refusal
from shared.shapes import Misshapen
from shared.testing import deliver


@pytest.fixture(autouse=True)
def shelf(open_work, quote_key):
    deliver(
        MarketingService,
        open_work,
        product("TEAPOT", yuan(66)),
        product("TRAY", yuan(40)),
        product("FOUNTAIN-PEN", yuan(120), shop="STATIONER"),
    )


def call(marketing, *wanted, name="MEI", **known):
    lines = [{"sku_id": str(named(name)), "quantity": quantity} for name, quantity in wanted]
    return marketing.request_quote(shopper(name), {"lines": lines, "province": "浙江省", **known})


def a_coupon(coupon_id):
    return {"kind": "coupon", "coupon_id": str(coupon_id)}


def code(marketing, *wanted, **known):
    with pytest.raises(Refusal) as refused:
        call(marketing, *wanted, **known)
    return refused.value.code, refused.value.facts.get("reason")


def opened(answer, quote_key):
    return jwt.decode(answer["token"], quote_key, algorithms=["EdDSA"], issuer="jishi-quote")


@pytest.mark.parametrize("version", [None, 7])
def test_a_quote_has_the_version_of_the_cart_it_was_made_from_or_none(marketing, quote_key, version):
    answer = call(marketing, ("TEAPOT", 1), cart_version=version)
    assert (answer["cart_version"], opened(answer, quote_key)["cart_version"]) == (version, version)


def test_a_quote_has_every_line_with_its_reasons(marketing, open_work, offered):
    (mine,) = give(open_work, offered)
    wanted = [("TEAPOT", 1), ("TRAY", 1), ("FOUNTAIN-PEN", 1)]
    answer = call(marketing, *wanted, benefits=[a_coupon(mine)], province="新疆维吾尔自治区")
    assert (answer["zone"], answer["total"]) == ("remote", {"amount": 24600, "currency": "CNY"})
    tea = answer["shops"][0]
    assert [line["paid"]["amount"] for line in tea["lines"]] == [5355, 3245]
    assert [why["code"] for why in tea["lines"][0]["why"]] == ["list_price", "coupon"]
    assert tea["why"][1]["text"]["zh"] == "偏远地区运费¥20.00"


def test_the_token_has_the_amounts_of_the_quote_in_bare_minor_units(marketing, open_work, offered, quote_key):
    (mine,) = give(open_work, offered)
    answer = call(marketing, ("TEAPOT", 2), benefits=[a_coupon(mine)])
    claims = opened(answer, quote_key)
    assert claims["quote_id"] == answer["quote_id"]
    assert claims["buyer_id"] == str(named("MEI"))
    assert (claims["currency"], claims["zone"], claims["total"]) == ("CNY", "standard", 11200)
    assert claims["benefits"] == [a_coupon(mine)]
    assert claims["shops"] == [bare(shop) for shop in answer["shops"]]


@pytest.mark.parametrize("where", ["中国新疆", "Xinjiang", "內蒙古", "西\u200b藏", " Hong Kong ", "臺灣", "Macau"])
def test_every_spelling_of_a_remote_province_costs_the_remote_fee(marketing, where):
    (shop,) = call(marketing, ("TEAPOT", 9), province=where)["shops"]
    assert shop["shipping"] == {"amount": 2000, "currency": "CNY"}


def test_a_division_code_sets_the_zone_as_a_name_does_and_an_unknown_name_is_refused(marketing):
    lines = [{"sku_id": str(named("TEAPOT")), "quantity": 9}]
    by_code = marketing.request_quote(shopper("MEI"), {"lines": lines, "division_code": "650102"})
    assert by_code["zone"] == "remote"
    assert code(marketing, ("TEAPOT", 1), province="新强")[0] == "place_not_found"
    by_code_alone = {"lines": lines, "division_code": "650102", "province": ""}
    assert marketing.request_quote(shopper("MEI"), by_code_alone)["zone"] == "remote"
    for unnamed in ({}, {"province": ""}):
        with pytest.raises(Refusal) as refused:
            marketing.request_quote(shopper("MEI"), {"lines": lines, **unnamed})
        assert refused.value.code == "place_incomplete"


def bare(value):
    if isinstance(value, dict):
        is_money = set(value) == {"amount", "currency"}
        return value["amount"] if is_money else {name: bare(each) for name, each in value.items()}
    return [bare(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("where", "fee", "free_from"),
    [({"province": "浙江省"}, 800, 8800), ({"division_code": "650000"}, 2000, None)],
    ids=["standard", "remote"],
)
def test_anyone_sees_the_fee_that_quotes_have(marketing, where, fee, free_from):
    seen = marketing.get_shipping_terms(Caller(), where)
    assert (seen["fee"]["amount"], seen["free_from"] and seen["free_from"]["amount"]) == (fee, free_from)
    quoted = call(marketing, ("TEAPOT", 1), **{"province": "", **where})
    assert [each["shipping"]["amount"] for each in quoted["shops"]] == [fee]


def test_the_fee_to_an_unknown_place_is_refused(marketing):
    with pytest.raises(Refusal) as refused:
        marketing.get_shipping_terms(Caller(), {"province": "Atlantis"})
    assert refused.value.code == "place_not_found"


def test_the_token_is_valid_for_fifteen_minutes_and_names_its_key(marketing, quote_key):
    answer = call(marketing, ("TEAPOT", 1))
    claims = opened(answer, quote_key)
    assert claims["exp"] - claims["iat"] == 900
    assert datetime.fromisoformat(answer["expires_at"]).timestamp() // 1 == claims["exp"]
    header = jwt.get_unverified_header(answer["token"])
    assert header["alg"] == "EdDSA"
    assert len(header["kid"]) == 16


def test_a_changed_token_has_an_invalid_signature(marketing, quote_key):
    head, body, signature = call(marketing, ("TEAPOT", 1))["token"].split(".")
    with pytest.raises(jwt.InvalidSignatureError):
        opened({"token": f"{head}.{body[:-4]}AAAA.{signature}"}, quote_key)


def test_a_sku_that_is_not_for_sale_is_refused(marketing):
    assert code(marketing, ("UNICORN", 1))[0] == "sku_unavailable"


@pytest.mark.parametrize("quantity", [0, -1, 10**9])
def test_a_quantity_out_of_range_is_refused(marketing, quantity):
    assert code(marketing, ("TEAPOT", quantity))[0] == "quantity_out_of_range"


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": []},
        {"lines": [{"sku_id": str(named("TEAPOT")), "quantity": 1}] * 101},
        {"lines": [{"sku_id": str(named("TEAPOT")), "quantity": 1.5}]},
        {"lines": [{"sku_id": str(named("TEAPOT")), "quantity": "1"}]},
        {"lines": [{"sku_id": str(named("TEAPOT")), "quantity": True}]},
        {"lines": [{"sku_id": "teapot", "quantity": 1}]},
        {"lines": None},
        {"province": "省" * 41},
        {"benefits": "all"},
        {"benefits": [{"coupon_id": str(named("GREEN-COUPON"))}]},
        {"benefits": [{"kind": "gold", "coupon_id": str(named("GREEN-COUPON"))}]},
        {"benefits": [{"kind": "coupon"}]},
    ],
)
def test_a_misshapen_basket_is_refused_by_its_field(marketing, wrong):
    with pytest.raises(Misshapen) as refused:
        call(marketing, ("TEAPOT", 1), **wrong)
    assert set(refused.value.errors) == set(wrong)


def test_another_shoppers_coupon_is_unknown(marketing, open_work, offered):
    (hers,) = give(open_work, offered, owner="HAN MEIMEI")
    assert code(marketing, ("TEAPOT", 2), benefits=[a_coupon(hers)]) == ("coupon_not_applicable", "unknown")


def test_a_held_coupon_is_taken(marketing, open_work, offered):
    mine = give(open_work, offered)
    request = HoldBenefits(checkout_id=named("CHECKOUT"), buyer_id=named("MEI"), benefits=benefits_of(mine))
    deliver(MarketingService, open_work, request)
    assert code(marketing, ("TEAPOT", 2), benefits=[a_coupon(mine[0])]) == ("coupon_not_applicable", "taken")


def test_one_coupon_listed_twice_counts_once(marketing, open_work, offered):
    (mine,) = give(open_work, offered)
    assert call(marketing, ("TEAPOT", 2), benefits=[a_coupon(mine)] * 2)["benefits"] == [a_coupon(mine)]
