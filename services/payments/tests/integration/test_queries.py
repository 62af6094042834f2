"""The queries of buyers and operators for a payment."""

import pytest
from sqlalchemy import text

from payments.taking.model.payment import PaymentNotFound
from payments.taking.store import finding
from services.payments.tests.builders import (
    cancel_payment,
    cash_on_delivery,
    open_payment,
    part,
    refund_payment,
    yuan,
)
from services.payments.tests.till import OPERATOR
from shared import shapes
from shared.auth import Caller
from shared.contracts.payments import (
    Method,
    PaymentAuthorized,
    PaymentCancelled,
    PaymentCaptured,
    PaymentOpened,
    PaymentRefused,
)
from shared.ids import new_id
from shared.permissions import Role
from shared.shapes import Misshapen


def buyer_of(command):
    return Caller(user_id=command.buyer_id, roles=frozenset({Role.SHOPPER}))


def test_the_buyer_sees_the_qr_code_until_it_is_paid(till):
    command = till.opened()
    call = {"payment_id": str(command.payment_id)}
    seen = till.service.get_payment(buyer_of(command), call)
    assert (seen["state"], seen["method"]) == ("open", "wechat")
    assert seen["amount"] == {"amount": 8800, "currency": "CNY"}
    assert seen["pay_action"]["content"].startswith("weixin://")
    till.report(till.pay(command))
    seen = till.service.get_payment(buyer_of(command), call)
    assert (seen["state"], seen["pay_action"]) == ("captured", {"kind": "none"})


def test_a_payment_is_found_by_its_checkout(till):
    command = cash_on_delivery()
    till.send(command)
    seen = till.service.get_payment(buyer_of(command), {"checkout_id": str(command.checkout_id)})
    assert seen["payment_id"] == str(command.payment_id)


def returned_money(till, command):
    call = {"checkout_id": str(command.checkout_id)}
    return till.service.list_returned_money(buyer_of(command), call)["items"]


def test_a_buyer_sees_money_that_came_after_the_cancellation_and_its_way_back(till):
    command = till.opened()
    till.send(cancel_payment(command))
    till.call_provider()
    assert returned_money(till, command) == []
    till.report(till.wechat.pay_late(till.number(command)))
    (seen,) = returned_money(till, command)
    assert seen["amount"] == {"amount": 8800, "currency": "CNY"}
    assert seen["state"] in {"requested", "processing"}
    till.arrive_all()
    assert [each["state"] for each in returned_money(till, command)] == ["succeeded"]


def test_refunds_of_orders_are_no_returned_money(till):
    command = till.paid()
    till.send(refund_payment(command, yuan(10)))
    assert returned_money(till, command) == []


@pytest.mark.parametrize("caller", [Caller(), Caller(user_id=new_id(), roles=frozenset({Role.SHOPPER}))])
def test_another_buyers_payment_is_not_found(till, caller):
    command = till.opened()
    with pytest.raises(PaymentNotFound):
        till.service.get_payment(caller, {"payment_id": str(command.payment_id)})
    with pytest.raises(PaymentNotFound):
        till.service.list_returned_money(caller, {"checkout_id": str(command.checkout_id)})


def test_a_tombstone_is_not_found(till):
    command = open_payment()
    till.send(cancel_payment(command))
    with pytest.raises(PaymentNotFound):
        till.service.get_payment(Caller(), {"payment_id": str(command.payment_id)})


@pytest.mark.parametrize("call", [{}, {"payment_id": str(new_id())}, {"checkout_id": str(new_id())}])
def test_an_unknown_payment_is_not_found(till, call):
    with pytest.raises(PaymentNotFound):
        till.service.get_payment(OPERATOR, call)


@pytest.mark.parametrize("call", [{"payment_id": "nonsense"}, {"payment_id": 5}])
def test_a_malformed_request_is_refused_by_field(till, call):
    with pytest.raises(Misshapen) as refusal:
        till.service.get_payment_details(OPERATOR, call)
    assert "payment_id" in refusal.value.errors


def test_an_operator_sees_all_details_of_a_payment(till):
    command = till.paid(part(yuan(30)), part(yuan(58)))
    till.send(refund_payment(command, yuan(10)))
    till.call_provider()
    whole = till.service.get_payment_details(OPERATOR, {"payment_id": str(command.payment_id)})
    assert [p["refunded"]["amount"] for p in sorted(whole["parts"], key=lambda p: p["amount"]["amount"])] == [
        1000,
        0,
    ]
    (entry,) = till.service.list_operator_log(OPERATOR, {})["items"]
    assert (entry["action"], entry["about"]) == ("payment.read", f"payment {command.payment_id}")
    assert [c["standing"] for c in whole["captures"]] == ["kept"]
    assert [r["state"] for r in whole["refunds"]] == ["processing"]
    assert {e["posting"] for e in whole["entries"]} == {"captured", "refund_requested"}
    assert {c["kind"] for c in whole["calls"]} == {"open", "query", "refund", "query_refund"}


@pytest.mark.parametrize(
    "report",
    [{}, {"provider": "wechat", "headers": {}, "body": 5}, {"provider": "wechat", "headers": [], "body": ""}],
)
def test_a_malformed_notification_request_is_refused(till, report):
    with pytest.raises(Misshapen):
        till.service.receive_provider_notification(Caller(), report)


def test_each_event_of_a_change_has_the_payment_as_its_buyer_sees_it_then(till):
    command = till.opened()
    buyer, call = buyer_of(command), {"payment_id": str(command.payment_id)}
    seen = [till.service.get_payment(buyer, call)]
    till.report(till.pay(command))
    seen.append(till.service.get_payment(buyer, call))
    told = [event.current for event in till.published(PaymentOpened | PaymentCaptured)]
    assert [shapes.dump(current.payment) for current in told] == seen
    assert [current.buyer_id for current in told] == [command.buyer_id] * 2
    assert told[0].version < told[1].version == till.row(command)["version"]


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (cash_on_delivery(), PaymentAuthorized),
        (open_payment(method=Method.NOTHING, amount=yuan(1)), PaymentRefused),
        (cancel_payment(open_payment()), PaymentCancelled),
    ],
    ids=lambda known: getattr(known, "__name__", ""),
)
def test_an_event_of_a_first_decision_has_the_payment_too(till, command, event):
    till.send(command)
    (told,) = till.published(event)
    assert (told.current.payment.checkout_id, told.current.version) == (command.checkout_id, 1)


def test_a_reply_to_a_command_does_not_repeat_the_payment(till):
    assert till.answer(till.send(cash_on_delivery())).current is None


def found(till, number):
    items = till.service.find_payments(OPERATOR, {"q": str(number)})["items"]
    return [(each["payment_id"], each["found_by"]) for each in items]


def test_a_payment_is_found_by_each_of_its_numbers(till):
    command, other = till.paid(part(yuan(30)), part(yuan(58))), till.paid()
    refund = refund_payment(command, amount=yuan(10))
    till.send(refund)
    till.call_provider()
    (attempt,) = till.rows("SELECT attempt_id, provider_number FROM refund_attempts")
    mine = f"SELECT transaction_id FROM captures WHERE payment_id = '{command.payment_id}'"
    ways = {
        "payment": [command.payment_id],
        "checkout": [command.checkout_id],
        "order": [each.order_id for each in command.parts],
        "attempt": [till.number(command), till.row(command)["attempt_id"]],
        "transaction": [till.rows(mine)[0]["transaction_id"]],
        "refund": [refund.refund_id, attempt["attempt_id"], attempt["attempt_id"].hex, attempt["provider_number"]],
    }
    for way, numbers in ways.items():
        for number in numbers:
            assert found(till, number) == [(str(command.payment_id), way)], (way, number)
    assert found(till, other.payment_id) == [(str(other.payment_id), "payment")]


@pytest.mark.parametrize("number", ["20261127501840000001", "4200", "%", "x' OR true --"])
def test_a_number_that_no_payment_has_finds_nothing(till, number):
    till.paid()
    assert found(till, number) == []


def test_a_found_payment_shows_its_orders_and_state(till):
    command = till.paid(part(yuan(30)), part(yuan(58)))
    (shown,) = till.service.find_payments(OPERATOR, {"q": str(command.checkout_id)})["items"]
    assert shown["order_ids"] == sorted(str(each.order_id) for each in command.parts)
    assert (shown["state"], shown["method"], shown["provider"]) == ("captured", "wechat", "wechat")
    assert shown["amount"] == {"amount": 8800, "currency": "CNY"}


def test_numbers_are_found_by_indexes(till):
    with till.open_work() as work:
        work.connection.execute(text("SET LOCAL enable_seqscan = off"))
        for query, terms in (
            (finding.FIND, {"id": new_id(), "number": "4200"}),
            (finding.NOTIFICATIONS, {"payment_id": new_id()}),
        ):
            plan = work.connection.execute(text(f"EXPLAIN {query}"), terms).scalars().all()
            assert "Seq Scan" not in "".join(plan), plan


def test_the_details_show_the_providers_notifications_of_this_payment_only(till):
    command, _ = till.paid(), till.paid()
    shown = till.service.get_payment_details(OPERATOR, {"payment_id": str(command.payment_id)})
    (notification,) = shown["notifications"]
    assert (notification["provider"], notification["kind"], notification["due_at"]) == ("wechat", "payment", None)
    assert notification["outcome"]
    assert "document" not in notification
