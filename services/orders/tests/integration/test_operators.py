"""The actions of operators on sagas and orders, and the operator log."""

import pytest

from services.orders.tests.quotes import a_quote, a_quoted_line, a_quoted_shop, a_request
from shared.auth import Caller
from shared.contracts import catalog
from shared.errors import Forbidden, Refusal
from shared.idempotency import KeyReused
from shared.ids import new_id
from shared.permissions import Role
from shared.sagas.core import SagaActionNotAllowed
from shared.topology import service_class

ACTIONS = ("resume_saga", "skip_saga", "cancel_saga")


@pytest.fixture
def operator():
    return Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.OPERATOR}))


@pytest.fixture
def saga(call, shopper, sign, operator):
    """The saga of a checkout whose command to reserve stock has no reply."""
    placed = call("check_out", shopper, **a_request(sign(a_quote(shopper))))
    (found,) = call("list_sagas", operator, key=placed["checkout_id"])["items"]
    return found


@pytest.fixture
def action(call, operator, saga):
    def _action(action, caller=operator, **more):
        request = {"saga_id": saga["saga_id"], "attempt": saga["attempt"], "note": "she called", **more}
        return call(action, caller, **{"idempotency_key": "k1", **request})

    return _action


def test_sg_17_a_repeated_action_cancels_once_and_gets_the_same_response(action, peers, call, operator):
    first = action("cancel_saga")
    assert first["status"] == "undoing"
    assert action("cancel_saga") == first
    assert len(peers.commands(catalog.ReleaseStock)) == 1
    (entry,) = call("list_operator_log", operator)["items"]
    assert (entry["actor"], entry["note"]) == (str(operator.user_id), "she called")
    with pytest.raises(KeyReused):
        action("cancel_saga", note="another reason")


def test_sg_17_an_action_on_a_saga_that_has_changed_is_refused(action):
    action("cancel_saga")
    with pytest.raises(SagaActionNotAllowed) as refused:
        action("cancel_saga", idempotency_key="k2")
    assert refused.value.facts["saga"]["status"] == "undoing"


@pytest.mark.parametrize("note", ["", None])
def test_sg_17_an_action_without_a_reason_is_refused(action, note):
    with pytest.raises(Exception, match="note"):
        action("cancel_saga", note=note)


@pytest.mark.parametrize("role", [Role.SHOPPER, Role.MERCHANT, Role.AUDITOR])
def test_sg_17_only_an_operator_may_act_on_a_saga(role):
    other = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({role}))
    for action in ACTIONS:
        (entrypoint,) = getattr(service_class("orders"), action).nameko_entrypoints
        with pytest.raises(Forbidden):
            other.require(*entrypoint.allow)


def test_vs_03_the_history_of_a_checkout_saga_names_no_user(call, shopper, saga, operator):
    history = call("get_saga", operator, saga_id=saga["saga_id"])
    assert str(shopper.user_id) not in str(history)
    assert [one["topic"] for one in history["sent"]] == ["catalog.reserve_stock.v1"]
    assert history["timer"] == {"at": None, "within": 30.0}


def test_sg_17_an_order_is_found_by_its_number_or_id_with_its_sagas_and_without_its_buyer(
    call, shopper, saga, operator
):
    (order,) = call("get_checkout", shopper, checkout_id=saga["key"])["orders"]
    found = call("find_order", operator, number=order["number"])
    assert found == call("find_order", operator, number=order["order_id"])
    assert (found["order_id"], found["total"], found["sagas"]) == (order["order_id"], order["total"], [saga])
    assert str(shopper.user_id) not in str(found)


@pytest.mark.parametrize("number", ["26120100000000000000", str(new_id())], ids=["number", "id"])
def test_an_order_that_does_not_exist_is_not_found(call, operator, number):
    with pytest.raises(Refusal) as refused:
        call("find_order", operator, number=number)
    assert refused.value.code == "order_not_found"


def logged(call, operator, action=None):
    return call("list_operator_log", operator, action=action)["items"]


@pytest.fixture
def order(confirmed, merchant):
    (shop_id,) = merchant.shops
    line = a_quoted_line(quantity=3, unit_price=1000, discount=1)
    return confirmed(a_quoted_shop(line, shop_id=shop_id))["orders"][0]


def test_an_operator_who_handles_a_shops_order_is_named_in_its_history_and_in_the_log(call, operator, order):
    accepted = call("accept_order", operator, order_id=order["order_id"])
    assert accepted["steps"][-1]["actor"] == "operator"
    call("accept_order", operator, order_id=order["order_id"])  # changes nothing, and is not logged
    (entry,) = logged(call, operator)
    assert (entry["actor"], entry["action"]) == (str(operator.user_id), "order.accept")
    assert entry["about"] == f"order {order['order_id']}"
    assert (entry["before"]["state"], entry["after"]["state"]) == ("confirmed", "preparing")


def test_a_merchant_is_in_the_log_only_where_an_address_was_shown(call, merchant, operator, order):
    (shop_id,) = merchant.shops
    accepted = call("accept_order", merchant, order_id=order["order_id"])
    call("list_shop_orders", merchant, shop_id=str(shop_id))
    call("list_shop_refunds", merchant, shop_id=str(shop_id))
    assert accepted["steps"][-1]["actor"] == "merchant"
    assert [entry["action"] for entry in logged(call, operator)] == ["order.accept"]


def test_an_operator_who_works_for_the_shop_acts_as_its_merchant(call, merchant, operator, order):
    both = Caller(merchant.user_id, new_id(), frozenset({Role.MERCHANT, Role.OPERATOR}), merchant.shops)
    assert call("accept_order", both, order_id=order["order_id"])["steps"][-1]["actor"] == "merchant"
    call("list_shop_orders", both, shop_id=str(next(iter(merchant.shops))))
    assert [entry["action"] for entry in logged(call, operator)] == ["order.accept"]


def test_an_operator_who_reads_a_shops_orders_is_in_the_log(call, merchant, operator, order):
    (shop_id,) = merchant.shops
    for _ in range(3):  # a page that is polled
        call("list_shop_orders", operator, shop_id=str(shop_id))
        call("get_shop_order", operator, order_id=order["order_id"])
    read = [(entry["action"], entry["about"]) for entry in logged(call, operator)]
    assert read == [("order.read", f"order {order['order_id']}"), ("order.list", f"shop {shop_id}")]


def test_an_operator_who_refuses_a_refund_is_in_the_log(call, shopper, merchant, operator, order):
    call("accept_order", merchant, order_id=order["order_id"])
    request = {"whole": True, "reason_text": "全要", "idempotency_key": str(new_id())}
    requested = call("request_refund", shopper, order_id=order["order_id"], **request)
    call("refuse_refund", operator, refund_id=requested["refund_id"])
    (entry,) = logged(call, operator, "refund.refuse")
    assert entry["about"] == f"refund {requested['refund_id']}"
    assert (entry["before"]["refund"], entry["after"]["refund"]) == ("requested", "refused")


def test_a_refused_request_is_not_in_the_log(call, operator, order):
    with pytest.raises(Refusal):
        call("ship_order", operator, order_id=str(new_id()), carrier="sf", tracking_number="SF1", lines=[])
    assert logged(call, operator) == []


@pytest.fixture
def order_id(confirmed, merchant):
    (shop_id,) = merchant.shops
    return confirmed(a_quoted_shop(shop_id=shop_id))["orders"][0]["order_id"]


def test_a_merchant_who_was_shown_an_address_is_in_the_log_once_an_hour(call, merchant, operator, order_id):
    for _ in range(2):
        assert call("get_shop_order", merchant, order_id=order_id)["address"]
    (entry,) = call("list_operator_log", operator, action="order.read")["items"]
    assert (entry["actor"], entry["about"]) == (str(merchant.user_id), f"order {order_id}")
    assert (entry["before"], entry["after"]) == (None, None)


def test_what_a_merchant_does_with_an_order_is_in_the_log_without_typed_texts(call, merchant, operator, order_id):
    for _ in range(2):
        call("accept_order", merchant, order_id=order_id)
    call("refuse_order", merchant, order_id=order_id, reason_text="林梅 13800138000 搬家了")
    found = call("list_operator_log", operator, about=f"order {order_id}")["items"]
    assert [entry["action"] for entry in found] == ["order.refuse", "order.accept"]
    assert {entry["note"] for entry in found} == {""}


def test_a_shopper_who_reads_their_own_order_is_not_in_the_log(call, shopper, operator, order_id):
    call("get_order", shopper, order_id=order_id)
    assert call("list_operator_log", operator)["items"] == []


def test_a_merchant_who_is_refused_is_not_in_the_log(call, operator, order_id):
    other = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.MERCHANT}))
    with pytest.raises(Forbidden):
        call("get_shop_order", other, order_id=order_id)
    assert call("list_operator_log", operator)["items"] == []


def test_an_order_is_found_by_its_number_its_id_and_its_checkout(confirmed, call, operator, shopper):
    placed = confirmed(a_quoted_shop(), a_quoted_shop())
    first, second = sorted(placed["orders"], key=lambda order: order["order_id"])
    found = lambda number: call("find_orders", operator, q=number)["items"]  # noqa: E731
    (shown,) = found(first["number"])
    assert (shown["order_id"], shown["buyer_id"]) == (first["order_id"], str(shopper.user_id))
    assert (shown["state"], shown["total"]) == (first["state"], first["total"])
    assert [each["order_id"] for each in found(second["order_id"])] == [second["order_id"]]
    both = [each["number"] for each in found(placed["checkout_id"])]
    assert both == [first["number"], second["number"]]
    assert found(first["number"][:-1]) == found("%") == found(str(new_id())) == []
