"""An order from confirmed to delivered, cancelled or refunded, with a real database and simulated services."""

from dataclasses import replace

import pytest

from orders.aftersale.use_cases.cancellations import PreparationStarted
from orders.fulfilment.model.order import OrderNotFound, RefundQuantityExceeded
from orders.fulfilment.model.parcel import TrackingNumberTaken
from orders.fulfilment.model.shipping import ShipmentQuantityExceeded
from orders.fulfilment.model.states import TransitionNotAllowed
from services.orders.tests.peers import captured, refund_refused, refunded
from services.orders.tests.quotes import a_benefit, a_quote, a_quoted_line, a_quoted_shop, a_request
from shared.auth import Caller
from shared.contracts import catalog, marketing, orders, payments
from shared.contracts.payments import Standing
from shared.errors import Forbidden
from shared.ids import new_id
from shared.permissions import Role
from shared.testing import published


@pytest.fixture
def shop(merchant):
    """The quote's part of the merchant's shop: three cups."""
    (shop_id,) = merchant.shops
    return a_quoted_shop(a_quoted_line(quantity=3, unit_price=1000, discount=1), shop_id=shop_id)


@pytest.fixture
def order(confirmed, shop):
    return confirmed(shop)["orders"][0]


def of(document):
    return {"order_id": document["order_id"]}


def test_a_paid_checkout_is_confirmed_its_stock_committed_and_its_benefits_redeemed(
    call, peers, shopper, sign, open_work
):
    quote = a_quote(shopper, a_quoted_shop(), a_quoted_shop(), benefits=[a_benefit()])
    placed = call("check_out", shopper, **a_request(sign(quote)))
    peers.answer_all()
    assert call("get_checkout", shopper, checkout_id=placed["checkout_id"])["state"] == "placed"
    peers.pays()
    assert call("get_checkout", shopper, checkout_id=placed["checkout_id"])["state"] == "confirmed"
    assert [type(c) for _, c in peers.commands()] == [
        catalog.ReserveStock,
        marketing.HoldBenefits,
        payments.OpenPayment,
        catalog.CommitStock,
        marketing.RedeemBenefits,
    ]
    assert len([m for m in published(open_work) if isinstance(m, orders.OrderConfirmed)]) == 2


def test_a_returned_payment_confirms_nothing(call, peers, shopper, sign):
    placed = call("check_out", shopper, **a_request(sign(a_quote(shopper))))
    peers.answer_all()
    (_, opening) = peers.commands(payments.OpenPayment)[-1]
    peers.consumes(captured(opening, Standing.RETURNED))
    assert call("get_checkout", shopper, checkout_id=placed["checkout_id"])["state"] == "placed"


def test_m21_cash_on_delivery_is_confirmed_without_a_payment(confirmed, shop):
    assert confirmed(shop, payment_method="cash_on_delivery")["state"] == "confirmed"


def test_a_cancelled_checkout_releases_all_it_held(call, peers, shopper, sign):
    placed = call("check_out", shopper, **a_request(sign(a_quote(shopper))))
    peers.answer_all()
    call("cancel_checkout", shopper, checkout_id=placed["checkout_id"])
    peers.answer_all()
    found = call("get_checkout", shopper, checkout_id=placed["checkout_id"])
    assert (found["state"], found["reason"]) == ("cancelled", "cancelled_by_buyer")
    assert [type(c) for _, c in peers.commands()][-2:] == [payments.CancelPayment, catalog.ReleaseStock]


def test_a_payment_that_came_before_the_request_to_cancel_is_refunded_order_by_order(call, peers, shopper, sign):
    placed = call("check_out", shopper, **a_request(sign(a_quote(shopper))))
    peers.answer_all()
    call("cancel_checkout", shopper, checkout_id=placed["checkout_id"])
    (_, opening) = peers.commands(payments.OpenPayment)[-1]
    peers.answers[payments.CancelPayment] = lambda _: captured(opening)
    peers.answer_all()
    (order,) = call("get_checkout", shopper, checkout_id=placed["checkout_id"])["orders"]
    assert (order["state"], order["refunded"]) == ("cancelled", order["total"])


def test_an_order_moves_through_its_states_step_by_step(call, order, merchant, shopper):
    call("accept_order", merchant, **of(order))
    call("ship_order", merchant, **of(order), carrier="sf-express", tracking_number="SF1")
    with pytest.raises(TransitionNotAllowed):
        call("receive_order", shopper, **of(order))
    seen = call("get_order", shopper, **of(order))
    assert [step["state"] for step in seen["steps"]] == ["placed", "confirmed", "preparing", "shipped"]


def test_a_shipment_that_lists_a_line_twice_ships_the_sum(call, order, merchant):
    (line,) = order["lines"]
    call("accept_order", merchant, **of(order))
    twice = [{"line_id": line["line_id"], "quantity": n} for n in (line["quantity"], 1)]
    with pytest.raises(ShipmentQuantityExceeded):
        call("ship_order", merchant, **of(order), carrier="sf-express", tracking_number="SF1", lines=twice)
    halves = [{"line_id": line["line_id"], "quantity": n} for n in (1, line["quantity"] - 1)]
    sent = call("ship_order", merchant, **of(order), carrier="sf-express", tracking_number="SF2", lines=halves)
    assert [p["lines"] for p in sent["parcels"]] == [[{"line_id": line["line_id"], "quantity": line["quantity"]}]]
    assert sent["state"] == "shipped"


def test_a_tracking_number_used_again_for_other_units_is_refused_and_for_the_same_units_changes_nothing(
    call, order, merchant
):
    (line,) = order["lines"]
    call("accept_order", merchant, **of(order))
    parcel = {**of(order), "carrier": "sf-express", "tracking_number": "SF1"}
    one = [{"line_id": line["line_id"], "quantity": 1}]
    sent = call("ship_order", merchant, **parcel, lines=one)
    assert call("ship_order", merchant, **parcel, lines=one)["parcels"] == sent["parcels"]
    for rest in ({"lines": [{"line_id": line["line_id"], "quantity": 2}]}, {}):
        with pytest.raises(TrackingNumberTaken) as taken:
            call("ship_order", merchant, **parcel, **rest)
        assert taken.value.facts == {"parcel_id": sent["parcels"][0]["parcel_id"]}
    sent = call("ship_order", merchant, **parcel | {"tracking_number": "SF2"})
    assert call("ship_order", merchant, **parcel | {"tracking_number": "SF2"})["parcels"] == sent["parcels"]


def test_the_refund_of_a_cancelled_order_has_the_reason_for_the_shipping_fee(call, peers, order, shopper):
    call("cancel_order", shopper, **of(order), reason_text="不要了")
    peers.answer_all()
    (refund,) = call("get_order", shopper, **of(order))["refunds"]
    assert (refund["shipping"] == order["shipping"], [why["code"] for why in refund["why"]]) == (
        True,
        ["shipping_returned"],
    )


def test_a_shopper_can_cancel_an_order_until_the_merchant_accepts_it(
    call, peers, order, merchant, shopper, open_work
):
    call("accept_order", merchant, **of(order))
    with pytest.raises(PreparationStarted):
        call("cancel_order", shopper, **of(order), reason_text="不要了")
    call("refuse_order", merchant, **of(order), reason_text="缺货")
    with pytest.raises(TransitionNotAllowed):
        call("ship_order", merchant, **of(order), carrier="sf-express", tracking_number="SF1")
    peers.answer_all()
    seen = call("get_order", shopper, **of(order))
    assert (seen["state"], seen["refunded"]) == ("cancelled", order["total"])
    assert (seen["reason"], seen["reason_text"]) == ("refused_by_shop", "缺货")
    assert [(step["actor"], step["reason"], step["note"]) for step in seen["steps"]][-2:] == [
        ("merchant", "refused_by_shop", "缺货"),
        ("system", "refused_by_shop", None),
    ]
    (refund,) = seen["refunds"]
    assert (refund["reason"], refund["reason_text"]) == ("order_cancelled", "缺货")
    assert "缺货" not in "".join(map(str, published(open_work)))  # typed texts are not published (EC-8)
    (cancelled,) = [m for m in published(open_work) if isinstance(m, orders.OrderCancelled)]
    assert cancelled.reason == "refused_by_shop"
    assert [type(c) for _, c in peers.commands()][-2:] == [payments.RefundPayment, catalog.Restock]


def test_benefits_are_restored_only_when_the_last_order_of_the_checkout_is_cancelled(call, peers, shopper, sign):
    quote = a_quote(shopper, a_quoted_shop(), a_quoted_shop(), benefits=[a_benefit()])
    placed = call("check_out", shopper, **a_request(sign(quote)))
    peers.answer_all()
    peers.pays()
    for order, restored in zip(placed["orders"], [0, 1], strict=True):
        call("cancel_order", shopper, **of(order), reason_text="不要了")
        peers.answer_all()
        assert len(peers.commands(marketing.RestoreBenefits)) == restored


def test_a_cancelled_order_is_restocked_and_its_coupon_restored_before_its_refund_is_paid(
    call, peers, shopper, sign, open_work
):
    placed = call("check_out", shopper, **a_request(sign(a_quote(shopper, benefits=[a_benefit()]))))
    peers.answer_all()
    peers.pays()
    (order,) = placed["orders"]
    peers.refunds_are_slow = True
    call("cancel_order", shopper, **of(order), reason_text="不要了")
    peers.answer_all()
    seen = call("get_order", shopper, **of(order))
    assert (seen["state"], seen["refunded"]["amount"], seen["refunds"][0]["state"]) == ("cancelled", 0, "running")
    assert [type(c) for _, c in peers.commands()][-2:] == [catalog.Restock, marketing.RestoreBenefits]
    peers.refunds_arrive()
    seen = call("get_order", shopper, **of(order))
    assert (seen["refunded"], seen["refunds"][0]["state"]) == (order["total"], "refunded")
    assert outcomes(open_work) == [orders.AfterSaleOutcome.REFUNDED]


def test_the_event_of_a_paid_refund_counts_once_if_received_twice(call, peers, order, shopper, open_work):
    call("cancel_order", shopper, **of(order), reason_text="不要了")
    peers.answer_all()
    ((_, command),) = peers.commands(payments.RefundPayment)
    peers.consumes(refunded(command))
    assert call("get_order", shopper, **of(order))["refunded"] == order["total"]
    assert outcomes(open_work) == [orders.AfterSaleOutcome.REFUNDED]


def test_the_event_of_an_unknown_refund_changes_nothing(call, peers, order, shopper):
    call("cancel_order", shopper, **of(order), reason_text="不要了")
    peers.answer_all()
    ((_, command),) = peers.commands(payments.RefundPayment)
    peers.consumes(refunded(replace(command, refund_id=new_id())))
    assert call("get_order", shopper, **of(order))["refunded"] == order["total"]


def test_a_refund_of_zero_is_closed_without_a_payment(call, peers, confirmed, merchant, shopper):
    gift = a_quoted_line(quantity=1, unit_price=0)
    (order,) = confirmed(a_quoted_shop(gift, a_quoted_line(), shop_id=next(iter(merchant.shops))))["orders"]
    call("accept_order", merchant, **of(order))
    line = next(line["line_id"] for line in order["lines"] if not line["paid"]["amount"])
    request = {
        "lines": [{"line_id": line, "quantity": 1}],
        "reason_text": "破了",
        "idempotency_key": str(new_id()),
    }
    requested = call("request_refund", shopper, **of(order), **request)
    call("approve_refund", merchant, refund_id=requested["refund_id"])
    peers.answer_all()
    (refund,) = call("list_refunds", shopper, **of(order))["items"]
    assert refund["state"] == "refunded"
    assert peers.commands(payments.RefundPayment) == []


def outcomes(open_work):
    return [m.outcome for m in published(open_work) if isinstance(m, orders.AfterSaleClosed)]


def test_lesson_17_units_are_refunded_to_the_last_fen_and_never_more(call, peers, order, shopper, merchant):
    call("accept_order", merchant, **of(order))
    line = order["lines"][0]["line_id"]
    for _ in range(2):
        request = {
            "lines": [{"line_id": line, "quantity": 1}],
            "reason_text": "破了",
            "idempotency_key": str(new_id()),
        }
        requested = call("request_refund", shopper, **of(order), **request)
        call("approve_refund", merchant, refund_id=requested["refund_id"])
        peers.answer_all()
    seen = call("get_order", shopper, **of(order))
    assert [r["amount"]["amount"] for r in seen["refunds"]] == [1000, 1000]
    request = {
        "lines": [{"line_id": line, "quantity": 2}],
        "reason_text": "多要",
        "idempotency_key": str(new_id()),
    }
    with pytest.raises(RefundQuantityExceeded):
        call("request_refund", shopper, **of(order), **request)
    last = call(
        "request_refund", shopper, **of(order), whole=True, reason_text="全要", idempotency_key=str(new_id())
    )
    call("approve_refund", merchant, refund_id=last["refund_id"])
    peers.answer_all()
    seen = call("get_order", shopper, **of(order))
    assert (seen["state"], seen["refunded"]) == ("cancelled", order["total"])


def test_a_refund_that_payments_refuses_is_closed_as_failed_and_can_be_requested_again(
    call, peers, order, shopper, merchant
):
    peers.answers[payments.RefundPayment] = refund_refused
    line = order["lines"][0]["line_id"]
    request = {"lines": [{"line_id": line, "quantity": 1}], "reason_text": "破了"}
    call("request_refund", shopper, **of(order), **request, idempotency_key=str(new_id()))
    peers.answer_all()
    (refund,) = call("list_refunds", shopper, **of(order))["items"]
    assert (refund["state"], refund["failure"]) == ("failed", "payment_unpaid")
    assert call("get_order", shopper, **of(order))["lines"][0]["refundable_quantity"] == 3


@pytest.mark.parametrize("quantity", [3, 1], ids=["whole order", "one unit"])
def test_approving_a_refund_again_after_it_was_paid_returns_its_state(
    call, peers, order, shopper, merchant, quantity
):
    """The first response may have been lost."""
    call("accept_order", merchant, **of(order))
    request = {"lines": [{"line_id": order["lines"][0]["line_id"], "quantity": quantity}], "reason_text": "破了"}
    requested = call("request_refund", shopper, **of(order), **request, idempotency_key=str(new_id()))
    call("approve_refund", merchant, refund_id=requested["refund_id"])
    peers.answer_all()
    again = call("approve_refund", merchant, refund_id=requested["refund_id"])
    assert again["state"] == "refunded"
    assert len(peers.commands(payments.RefundPayment)) == 1
    with pytest.raises(TransitionNotAllowed):
        call("refuse_refund", merchant, refund_id=requested["refund_id"])


def test_accepting_an_order_again_after_it_was_shipped_returns_its_state(call, order, merchant, open_work):
    call("accept_order", merchant, **of(order))
    call("ship_order", merchant, **of(order), carrier="sf-express", tracking_number="SF1")
    assert call("accept_order", merchant, **of(order))["state"] == "shipped"
    assert len([m for m in published(open_work) if isinstance(m, orders.OrderAccepted)]) == 1


def test_a_refund_refused_again_after_the_order_was_shipped_remains_refused(call, order, shopper, merchant):
    call("accept_order", merchant, **of(order))
    request = {"lines": [{"line_id": order["lines"][0]["line_id"], "quantity": 1}], "reason_text": "破了"}
    requested = call("request_refund", shopper, **of(order), **request, idempotency_key=str(new_id()))
    call("refuse_refund", merchant, refund_id=requested["refund_id"])
    call("ship_order", merchant, **of(order), carrier="sf-express", tracking_number="SF1")
    assert call("refuse_refund", merchant, refund_id=requested["refund_id"])["state"] == "refused"
    with pytest.raises(TransitionNotAllowed):
        call("approve_refund", merchant, refund_id=requested["refund_id"])


def test_a_refund_requested_twice_with_one_key_is_one_refund(call, order, shopper, merchant):
    call("accept_order", merchant, **of(order))
    request = {"whole": True, "reason_text": "不喜欢", "idempotency_key": "once"}
    assert call("request_refund", shopper, **of(order), **request) == call(
        "request_refund", shopper, **of(order), **request
    )
    assert len(call("list_refunds", shopper, **of(order))["items"]) == 1


def test_another_buyers_order_is_not_found_and_another_shops_is_forbidden(call, order):
    stranger = Caller(new_id(), new_id(), frozenset({Role.SHOPPER, Role.MERCHANT}), frozenset({new_id()}))
    with pytest.raises(OrderNotFound):
        call("get_order", stranger, **of(order))
    with pytest.raises(Forbidden):
        call("get_shop_order", stranger, **of(order))


def test_lists_are_read_page_by_page_newest_first(call, confirmed, shopper, merchant, shop):
    made = [confirmed(a_quoted_shop(shop_id=shop["shop_id"]))["orders"][0]["order_id"] for _ in range(3)]
    first = call("list_orders", shopper, limit=2)
    rest = call("list_orders", shopper, limit=2, cursor=first["next"])
    assert [o["order_id"] for o in first["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None
    listed = call("list_shop_orders", merchant, shop_id=shop["shop_id"], state=["confirmed"])
    assert len(listed["items"]) == 3


def test_reading_an_order_waits_for_no_lock(call, order, shopper, merchant, open_work):
    with open_work() as work:
        work.orders.lock(order["order_id"])
        assert call("get_order", shopper, **of(order))["state"] == "confirmed"
        assert call("get_shop_order", merchant, **of(order))["state"] == "confirmed"
        assert call("list_refunds", shopper, **of(order))["items"] == []
