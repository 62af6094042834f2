"""A quote becomes one checkout with one order per shop, whatever happens concurrently."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import event

from orders.carts import queries
from orders.checkout.model.quote import (
    CartChanged,
    ExpiredQuote,
    ForgedQuote,
    QuoteBuyerDifferent,
    QuoteUsed,
    QuoteZoneDifferent,
)
from services.orders.tests.quotes import (
    ADDRESS,
    a_benefit,
    a_quote,
    a_quoted_line,
    a_quoted_shop,
    a_request,
    a_shipping_line,
    an_allocation,
)
from shared.contracts import catalog, marketing, orders
from shared.ids import new_id
from shared.shapes import Misshapen
from shared.testing import published
from shared.testing.meeting import meet


def published_of(open_work, kind):
    return [message for message in published(open_work) if isinstance(message, kind)]


def test_a_checkout_has_an_order_for_each_shop_and_reserves_its_stock(call, shopper, sign, open_work):
    quote = a_quote(shopper, a_quoted_shop(), a_quoted_shop(a_quoted_line(quantity=3, discount=100)))
    placed = call("check_out", shopper, **a_request(sign(quote)))
    assert placed["state"] == "placed"
    assert [o["total"]["amount"] for o in placed["orders"]] == [shop["total"] for shop in quote["shops"]]
    assert len(published_of(open_work, orders.OrderPlaced)) == 2
    (reserve,) = published_of(open_work, catalog.ReserveStock)
    assert sorted(line.quantity for line in reserve.lines) == [2, 3]


def test_b4_thirty_equal_concurrent_requests_give_one_checkout_and_equal_responses(call, shopper, sign, open_work):
    request = a_request(sign(a_quote(shopper)))
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: call("check_out", shopper, **request), range(30)))
    assert all(answer == answers[0] for answer in answers)
    assert len(published_of(open_work, catalog.ReserveStock)) == 1


def test_lesson_14_one_quote_with_many_keys_gives_one_checkout(call, shopper, sign, open_work):
    token = sign(a_quote(shopper))
    with ThreadPoolExecutor(8) as pool:
        tabs = list(pool.map(lambda _: call("check_out", shopper, **a_request(token)), range(8)))
    assert len({tab["checkout_id"] for tab in tabs}) == 1
    assert len(published_of(open_work, orders.OrderPlaced)) == 1


def test_a_check_out_returns_what_is_read_afterwards(call, shopper, sign):
    lines = a_quoted_line(discount=100), a_quoted_line(quantity=3)
    shops = [a_quoted_shop(*lines), *(a_quoted_shop() for _ in range(4))]
    placed = call("check_out", shopper, **a_request(sign(a_quote(shopper, *shops, benefits=[a_benefit()]))))
    assert placed == call("get_checkout", shopper, checkout_id=placed["checkout_id"])


def test_the_same_key_gets_the_stored_response_and_the_same_quote_the_present_checkout(call, peers, shopper, sign):
    token = sign(a_quote(shopper))
    request = a_request(token)
    placed = call("check_out", shopper, **request)
    peers.answer_all()
    peers.pays()
    assert call("check_out", shopper, **request) == placed
    again = call("check_out", shopper, **a_request(token))
    assert again == call("get_checkout", shopper, checkout_id=placed["checkout_id"])
    assert (placed["state"], again["state"]) == ("placed", "confirmed")


def test_items_leave_the_cart_at_the_checkout_and_are_put_back_when_it_is_refused(call, peers, shopper, sign):
    cups, other = a_quoted_line(quantity=2), str(new_id())
    call("put_cart_line", shopper, sku_id=cups["sku_id"], quantity=5)
    call("put_cart_line", shopper, sku_id=other, quantity=1)
    placed = call("check_out", shopper, **a_request(sign(a_quote(shopper, a_quoted_shop(cups)))))
    assert cart(call, shopper) == {cups["sku_id"]: 3, other: 1}

    peers.answers[catalog.ReserveStock] = lambda c: catalog.StockRefused(
        checkout_id=c.checkout_id, reason=catalog.StockRefusal.OUT_OF_STOCK
    )
    peers.answer_all()
    cancelled = call("get_checkout", shopper, checkout_id=placed["checkout_id"])
    assert (cancelled["state"], cancelled["reason"]) == ("cancelled", "out_of_stock")
    assert cart(call, shopper) == {cups["sku_id"]: 5, other: 1}


def test_a_refused_checkout_has_the_refused_lines_with_the_available_quantity(call, peers, shopper, sign):
    cups, pots = a_quoted_line(quantity=5), a_quoted_line(quantity=1)
    quote = a_quote(shopper, a_quoted_shop(cups), a_quoted_shop(pots))
    placed = call("check_out", shopper, **a_request(sign(quote)))
    assert placed["refusal"] is None
    short = {"wanted": 5, "available": 3, "reason": catalog.StockRefusal.OUT_OF_STOCK}
    line = catalog.RefusedLine(sku_id=UUID(cups["sku_id"]), **short)
    peers.answers[catalog.ReserveStock] = lambda c: catalog.StockRefused(
        checkout_id=c.checkout_id, reason=catalog.StockRefusal.OUT_OF_STOCK, lines=(line,)
    )
    peers.answer_all()
    cancelled = call("get_checkout", shopper, checkout_id=placed["checkout_id"])
    lines = [{"sku_id": cups["sku_id"], **short}]
    assert cancelled["refusal"] == {"lines": lines, "benefits": []}
    of_lines = {o["lines"][0]["sku_id"]: o["refusal"] for o in cancelled["orders"]}
    assert of_lines == {cups["sku_id"]: cancelled["refusal"], pots["sku_id"]: None}
    (first,) = [o for o in cancelled["orders"] if o["refusal"]]
    assert call("get_order", shopper, order_id=first["order_id"])["refusal"]["lines"] == lines


def test_a_refused_checkout_has_the_refused_coupon(call, peers, shopper, sign):
    mine, gone = new_id(), new_id()
    quote = a_quote(shopper, benefits=[a_benefit(mine), a_benefit(gone)])
    placed = call("check_out", shopper, **a_request(sign(quote)))
    peers.answers[marketing.HoldBenefits] = lambda c: marketing.BenefitsRefused(
        checkout_id=c.checkout_id,
        reason=marketing.BenefitsRefusal.BENEFIT_EXPIRED,
        benefits=(marketing.CouponBenefit(coupon_id=gone),),
    )
    peers.answer_all()
    cancelled = call("get_checkout", shopper, checkout_id=placed["checkout_id"])
    assert (cancelled["state"], cancelled["reason"]) == ("cancelled", "benefit_expired")
    assert cancelled["refusal"] == {"lines": [], "benefits": [a_benefit(gone)]}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"buyer_id": str(new_id())}, QuoteBuyerDifferent),
        ({"zone": "remote"}, QuoteZoneDifferent),
        ({"iss": "somebody"}, ForgedQuote),
        ({"shops": "none"}, ForgedQuote),
    ],
)
def test_a_quote_for_another_buyer_zone_or_platform_is_refused(call, shopper, sign, open_work, change, refusal):
    with pytest.raises(refusal):
        call("check_out", shopper, **a_request(sign({**a_quote(shopper), **change})))
    assert published(open_work) == []


@pytest.mark.parametrize("province", ["中国新疆", "Xinjiang", "內蒙古", "西\u200b藏", " Hong Kong", "臺灣"])
def test_no_spelling_of_a_remote_province_takes_a_quote_for_the_standard_zone(call, shopper, sign, province):
    city = {"中国新疆": "乌鲁木齐", "Xinjiang": "Urumqi", "內蒙古": "包头", "西\u200b藏": "拉萨", "臺灣": "台北"}
    address = {**ADDRESS, "province": province, "city": city.get(province, "Hong Kong")}
    with pytest.raises(QuoteZoneDifferent):
        call("check_out", shopper, **a_request(sign(a_quote(shopper)), address=address))


def test_a_checkout_stores_the_division_with_its_code_and_names(call, shopper, sign):
    address = {"division_code": "330106", "province": "浙江", "city": "杭州", "street": "北山街 84 号"}
    placed = call("check_out", shopper, **a_request(sign(a_quote(shopper)), address=address))
    assert placed["address"] == {
        "country": "CN",
        "division_code": "330106",
        "province": "浙江省",
        "city": "杭州市",
        "district": "西湖区",
        "street": "北山街 84 号",
        "postcode": "",
    }


def test_an_expired_quote_is_refused(call, shopper, sign):
    with pytest.raises(ExpiredQuote):
        call("check_out", shopper, **a_request(sign(a_quote(shopper, expires_in=timedelta(seconds=-1)))))


def test_a_quote_with_another_signature_is_refused(call, shopper, sign):
    head, body, proof = sign(a_quote(shopper)).split(".")
    for token in (f"{head}.{body}.{proof[:-6]}AAAAAA", f"{head}.{body}.", "", "x"):
        with pytest.raises((ForgedQuote, Misshapen)):
            call("check_out", shopper, **a_request(token))


def test_an_address_without_a_street_is_refused_with_the_fields_path(call, shopper, sign):
    with pytest.raises(Misshapen) as refusal:
        call("check_out", shopper, **a_request(sign(a_quote(shopper)), address={**ADDRESS, "street": ""}))
    assert "street" in refusal.value.errors["address"]


def test_a_second_tabs_quote_of_the_same_cart_is_refused(call, shopper, sign, open_work):
    cups = a_quoted_line()
    version = call("put_cart_line", shopper, sku_id=cups["sku_id"], quantity=2)["version"]
    tabs = [sign(a_quote(shopper, a_quoted_shop(cups), cart_version=version)) for _ in range(2)]
    call("check_out", shopper, **a_request(tabs[0]))
    with pytest.raises(CartChanged) as refusal:
        call("check_out", shopper, **a_request(tabs[1]))
    assert (refusal.value.code, refusal.value.facts) == (
        "cart_changed",
        {"quoted": version, "version": version + 1},
    )
    assert len(published_of(open_work, orders.OrderPlaced)) == 1


def test_of_two_concurrent_check_outs_of_one_cart_one_wins(call, shopper, sign, open_work):
    cups = a_quoted_line()
    version = call("put_cart_line", shopper, sku_id=cups["sku_id"], quantity=2)["version"]
    tabs = [a_request(sign(a_quote(shopper, a_quoted_shop(cups), cart_version=version))) for _ in range(2)]

    def order(request):
        try:
            return call("check_out", shopper, **request)["state"]
        except CartChanged as refusal:
            return refusal.code

    cart_lock = "SELECT 1 FROM cart WHERE owner_id = :owner FOR UPDATE"
    both = [partial(order, request) for request in tabs]
    assert sorted(meet(open_work.engine, cart_lock, *both, owner=shopper.user_id)) == ["cart_changed", "placed"]
    assert len(published_of(open_work, orders.OrderPlaced)) == 1
    assert cart(call, shopper) == {}


def test_a_cart_that_is_ordered_while_another_tab_reads_it_is_not_ordered_again(call, shopper, sign, open_work):
    line = {"sku_id": str(new_id()), "quantity": 2}
    call("put_cart_line", shopper, **line)
    with open_work() as work:
        cart_id = work.carts.find(shopper.account)
        event.listen(
            work.connection,
            "after_cursor_execute",
            lambda *_: call("remove_cart_line", shopper, sku_id=line["sku_id"]),
            once=True,
        )
        read = queries.cart(work, cart_id)
    now = call("get_cart", shopper)
    assert read.version < now["version"]  # a quote of it is refused


def test_a_cart_filled_again_with_the_same_lines_does_not_match_the_quote(call, shopper, sign):
    cups = a_quoted_line()
    line = {"sku_id": cups["sku_id"], "quantity": 2}
    version = call("put_cart_line", shopper, **line)["version"]
    assert call("put_cart_line", shopper, **line)["version"] == version  # unchanged
    call("remove_cart_line", shopper, sku_id=cups["sku_id"])
    call("put_cart_line", shopper, **line)
    with pytest.raises(CartChanged):
        call("check_out", shopper, **a_request(sign(a_quote(shopper, a_quoted_shop(cups), cart_version=version))))


def test_a_quote_without_a_cart_is_ordered_whatever_is_in_the_cart(call, shopper, sign):
    call("put_cart_line", shopper, sku_id=str(new_id()), quantity=2)
    assert call("check_out", shopper, **a_request(sign(a_quote(shopper))))["state"] == "placed"


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        ({"payment_method": "cash_on_delivery"}, ["payment_method"]),
        ({"address": {**ADDRESS, "street": "北山街 85 号"}}, ["address"]),
        ({"contact": {"name": "周静", "phone": "13900139000"}}, ["contact"]),
        ({"note": "放门口", "payment_method": "cash_on_delivery"}, ["payment_method", "note"]),
    ],
)
def test_a_used_quote_with_other_data_is_refused_with_the_fields_that_differ(
    call, shopper, sign, changed, differs
):
    token = sign(a_quote(shopper))
    placed = call("check_out", shopper, **a_request(token))
    with pytest.raises(QuoteUsed) as refusal:
        call("check_out", shopper, **a_request(token, **changed))
    assert refusal.value.facts == {"checkout_id": placed["checkout_id"], "differs": differs}
    assert call("check_out", shopper, **a_request(token))["checkout_id"] == placed["checkout_id"]


def test_a_quote_with_nothing_to_pay_ignores_the_payment_method(call, shopper, sign):
    token = sign(a_quote(shopper, a_quoted_shop(a_quoted_line(quantity=1, discount=4990), shipping=0)))
    first = call("check_out", shopper, **a_request(token))
    again = call("check_out", shopper, **a_request(token, payment_method="cash_on_delivery"))
    assert (again["checkout_id"], again["payment_method"]) == (first["checkout_id"], "nothing")


def cart(call, shopper):
    return {line["sku_id"]: line["quantity"] for line in call("get_cart", shopper)["lines"]}


def test_an_order_stores_who_bears_each_discount_of_lines_and_shipping(call, shopper, sign):
    line = {**a_quoted_line(discount=300), "allocations": [an_allocation(200), an_allocation(0, platform=100)]}
    shop = a_quoted_shop(line, shipping=500, shipping_line=a_shipping_line(500, an_allocation(100, platform=200)))
    placed = call("check_out", shopper, **a_request(sign(a_quote(shopper, shop))))
    (order,) = call("get_checkout", shopper, checkout_id=placed["checkout_id"])["orders"]
    (bought,) = order["lines"]
    assert [bare(each) for each in bought["allocations"]] == line["allocations"]
    assert bought["discount"]["amount"] == sum(each["shop"] + each["platform"] for each in line["allocations"])
    assert [bare(each) for each in order["shipping_allocations"]] == shop["shipping_line"]["allocations"]


def bare(allocation):
    return {**allocation, "shop": allocation["shop"]["amount"], "platform": allocation["platform"]["amount"]}
