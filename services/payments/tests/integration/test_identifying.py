"""The operators' actions on unidentified money: assign or return it."""

import pytest
from sqlalchemy import text

from payments.refunding.model.refunds import RefundInProgress, RefundReported
from payments.refunding.model.settlements import NeedsAnother
from payments.taking.model.unidentified import (
    AssignmentMismatched,
    UnidentifiedMoneyNotFound,
    UnidentifiedMoneyResolved,
)
from services.payments.tests.builders import part, refund_payment, yuan
from services.payments.tests.integration.test_notifications import a_payment, a_refund, report
from services.payments.tests.integration.test_refund_actions import BY_HAND, LAN, MING, TRANSFER, act, log
from services.payments.tests.integration.test_refund_attempts import refusing
from services.payments.tests.integration.test_refunding import arrived, refunded
from shared.contracts.payments import PaymentCaptured, Standing
from shared.ids import new_id
from shared.money import Money

WRITTEN_OFF = {"paid_from": "written_off", "proof": "case 7", "note": "goodwill"}


def open_unidentified(till):
    return till.service.list_unidentified(MING, {})["items"]


def only_unidentified(till):
    (found,) = open_unidentified(till)
    return found["unidentified_id"]


def assign(till, *refund_ids, note="perhaps"):
    """Assign the only unidentified money to these refunds."""
    about = {"unidentified_id": only_unidentified(till), "refund_ids": [str(each) for each in refund_ids]}
    act(till, MING, "assign_unidentified", **about, note=note)


@pytest.fixture
def payable(till, monkeypatch):
    """A payment, and a refund of ¥8 of it that the provider refuses."""
    refusing(monkeypatch, till, *["NO_AUTH"] * 1000)
    command = till.paid()
    return command, refunded(till, command, yuan(8)).body.refund_id


def test_a_refund_made_by_hand_is_assigned_to_a_payable_one_and_completes_it(till, payable):
    command, refund_id = payable
    report(till, a_refund(till, command, amount=yuan(8)))
    (found,) = open_unidentified(till)
    assert (found["kind"], found["why"], found["amount"]["amount"]) == ("refund", "refund_not_found", 800)
    assign(till, refund_id, note="made by hand")
    assert arrived(till) == [refund_id]
    assert till.balances == {"provider_clearing:wechat": 8000, "merchant_payable": -8000}
    assert open_unidentified(till) == []
    assert (str(MING.account), "unidentified.assign", "made by hand") in log(till)


@pytest.mark.parametrize("wrong", ["amount", "payment", "kind"])
def test_unidentified_money_is_assigned_only_to_a_matching_refund(till, payable, wrong):
    command, refund_id = payable
    other = {"amount": yuan(7)} if wrong == "amount" else {"amount": yuan(8)}
    about = a_refund(till, till.paid() if wrong == "payment" else command, **other)
    report(till, a_payment(amount=yuan(8)) if wrong == "kind" else about)
    with pytest.raises(AssignmentMismatched):
        assign(till, refund_id)
    assert arrived(till) == []
    assert len(open_unidentified(till)) == 1


def test_one_refund_made_by_hand_completes_several_of_a_payment(till, monkeypatch):
    refusing(monkeypatch, till, *["NO_AUTH"] * 1000)
    command = till.paid(part(yuan(18)), part(yuan(40)))
    requests = [refund_payment(command, one.amount, order_id=one.order_id) for one in command.parts]
    refund_ids = [till.send(request).body.refund_id for request in requests]
    till.call_provider()
    report(till, a_refund(till, command, amount=yuan(58)))
    with pytest.raises(AssignmentMismatched):
        assign(till, refund_ids[0])
    assign(till, *refund_ids)
    assert sorted(arrived(till)) == sorted(refund_ids)
    assert till.balances == {}


def test_several_refunds_made_by_hand_complete_one_together(till, payable):
    command, refund_id = payable
    for number, fen in (("by-hand-1", 500), ("by-hand-2", 300)):
        report(till, a_refund(till, command, out_refund_no=number, refund_id=number, amount=Money(fen)))
    first, second = (one["unidentified_id"] for one in open_unidentified(till))
    about = {"unidentified_id": first, "refund_ids": [str(refund_id)], "note": "in two parts"}
    with pytest.raises(AssignmentMismatched):
        act(till, MING, "assign_unidentified", **about)
    act(till, MING, "assign_unidentified", **about, together=[second])
    assert (arrived(till), open_unidentified(till)) == ([refund_id], [])
    assert till.balances == {"provider_clearing:wechat": 8000, "merchant_payable": -8000}


def test_refunds_of_two_payments_are_not_completed_by_one(till, monkeypatch):
    refusing(monkeypatch, till, *["NO_AUTH"] * 1000)
    commands = [till.paid(), till.paid()]
    refund_ids = [refunded(till, command, yuan(4)).body.refund_id for command in commands]
    report(till, a_refund(till, commands[0], amount=yuan(8)))
    with pytest.raises(AssignmentMismatched):
        assign(till, *refund_ids)


def test_an_unidentified_refund_is_written_off_by_two_operators(till, monkeypatch):
    monkeypatch.setenv("REFUND_SINGLE_OPERATOR_LIMIT", "499")
    report(till, a_refund(till, till.paid(), amount=yuan(5)))
    about = {"unidentified_id": only_unidentified(till), **WRITTEN_OFF}
    act(till, MING, "return_unidentified", **about)
    with pytest.raises(NeedsAnother):
        act(till, MING, "confirm_unidentified", **about)
    act(till, LAN, "confirm_unidentified", **about)
    assert open_unidentified(till) == []
    assert till.balances == {"provider_clearing:wechat": 8300, "losses": 500, "merchant_payable": -8800}


def test_money_of_another_app_under_an_unknown_number_is_assigned_to_no_payment(till):
    command = till.opened(part(yuan(5)))
    report(till, a_payment(ours=False))
    about = {"unidentified_id": only_unidentified(till), "payment_id": command.payment_id, "note": "perhaps"}
    with pytest.raises(AssignmentMismatched):
        act(till, MING, "assign_unidentified", **about)
    assert till.state(command) == "open"


def test_neither_a_receipt_nor_a_payable_refund_is_written_off(till, payable):
    report(till, a_payment())
    with pytest.raises(AssignmentMismatched):
        act(till, MING, "return_unidentified", unidentified_id=only_unidentified(till), **WRITTEN_OFF)
    with pytest.raises(AssignmentMismatched):
        act(till, MING, "settle_refund", refund_id=payable[1], **WRITTEN_OFF)


@pytest.mark.parametrize("payer_total", [yuan(4), yuan(0), Money(500, "USD")])
def test_money_under_a_lost_number_that_the_payer_paid_in_part_is_refunded_automatically(till, payer_total):
    command = till.opened(part(yuan(5)))
    report(till, a_payment(payer_total=payer_total))
    about = {"payment_id": command.payment_id, "note": "the number was lost with a restore"}
    act(till, MING, "assign_unidentified", unidentified_id=only_unidentified(till), **about)
    assert [fact.standing for fact in till.published(PaymentCaptured)] == [Standing.RETURNED]


def test_a_refund_in_progress_at_the_provider_is_not_completed_by_another_one(till):
    command = till.paid()
    refund_id = refunded(till, command, yuan(8)).body.refund_id
    report(till, a_refund(till, command, amount=yuan(8)))
    with pytest.raises(RefundInProgress):
        assign(till, refund_id)


def test_money_under_a_lost_number_is_assigned_to_the_open_payment_and_captures_it(till):
    command = till.opened(part(yuan(5)))
    report(till, a_payment())
    about = {"payment_id": command.payment_id, "note": "the number was lost with a restore"}
    act(till, MING, "assign_unidentified", unidentified_id=only_unidentified(till), **about)
    assert [fact.standing for fact in till.published(PaymentCaptured)] == [Standing.KEPT]
    assert till.state(command) == "captured"
    assert till.balances == {"provider_clearing:wechat": 500, "merchant_payable": -500}


def test_money_assigned_to_a_captured_payment_is_refunded_automatically(till):
    command = till.paid(part(yuan(5)))
    report(till, a_payment())
    act(
        till,
        MING,
        "assign_unidentified",
        unidentified_id=only_unidentified(till),
        payment_id=command.payment_id,
        note="twice",
    )
    assert [fact.standing for fact in till.published(PaymentCaptured)] == [Standing.KEPT, Standing.RETURNED]
    assert till.balances == {
        "provider_clearing:wechat": 1000,
        "merchant_payable": -500,
        "refunds_in_transit:wechat": -500,
    }


def test_money_under_a_number_that_cannot_be_ours_is_not_assigned_to_a_payment(till):
    command = till.opened(part(yuan(5)))
    report(till, a_payment(out_trade_no="POS-7"))
    with pytest.raises(AssignmentMismatched):
        act(
            till,
            MING,
            "assign_unidentified",
            unidentified_id=only_unidentified(till),
            payment_id=command.payment_id,
            note="?",
        )


def test_a_receipt_that_was_sent_back_by_hand_is_resolved(till):
    report(till, a_payment())
    act(till, MING, "return_unidentified", unidentified_id=only_unidentified(till), **TRANSFER)
    assert till.balances == {"provider_clearing:wechat": 500, "bank": -500}
    assert open_unidentified(till) == []


def test_a_large_receipt_is_returned_only_when_a_second_operator_confirms_it(till, monkeypatch):
    monkeypatch.setenv("REFUND_SINGLE_OPERATOR_LIMIT", "499")
    report(till, a_payment())
    about = {"unidentified_id": only_unidentified(till)}
    act(till, MING, "return_unidentified", **about, **TRANSFER)
    assert open_unidentified(till)[0]["settlement"]["confirmed_by"] is None
    with pytest.raises(NeedsAnother):
        act(till, MING, "confirm_unidentified", **about, **TRANSFER | {"note": "it is all right"})
    act(till, LAN, "confirm_unidentified", **about, **TRANSFER | {"note": "seen on the statement"})
    assert till.balances == {"provider_clearing:wechat": 500, "bank": -500}


def test_a_receipt_and_the_refund_made_by_hand_that_sent_it_back_resolve_each_other(till):
    about = a_payment()
    report(till, about)
    receipt_id = only_unidentified(till)
    command = till.paid()
    report(till, a_refund(till, command, out_trade_no=about.out_trade_no, amount=yuan(5)))
    (refund_id,) = [one["unidentified_id"] for one in open_unidentified(till) if one["kind"] == "refund"]
    act(till, MING, "assign_unidentified", unidentified_id=refund_id, receipt_id=receipt_id, note="sent back")
    assert open_unidentified(till) == []
    assert till.balances == {"provider_clearing:wechat": 8800, "merchant_payable": -8800}


def test_resolved_money_is_not_resolved_again(till):
    report(till, a_payment())
    about = {"unidentified_id": only_unidentified(till)}
    act(till, MING, "return_unidentified", **about, **TRANSFER)
    with pytest.raises(UnidentifiedMoneyResolved):
        act(till, LAN, "return_unidentified", **about, **TRANSFER)


def test_unknown_unidentified_money_is_not_found(till):
    with pytest.raises(UnidentifiedMoneyNotFound):
        act(till, MING, "return_unidentified", unidentified_id=new_id(), **TRANSFER)


def test_a_return_that_is_notified_before_it_is_confirmed_is_posted_once(till, monkeypatch):
    monkeypatch.setenv("REFUND_SINGLE_OPERATOR_LIMIT", "499")
    about = a_payment()
    report(till, about)
    receipt_id = only_unidentified(till)
    act(till, MING, "return_unidentified", unidentified_id=receipt_id, **BY_HAND)
    report(till, a_refund(till, till.paid(), out_trade_no=about.out_trade_no, amount=yuan(5)))
    with pytest.raises(RefundReported):
        act(
            till,
            LAN,
            "confirm_unidentified",
            unidentified_id=receipt_id,
            **BY_HAND | {"note": "seen in the merchant platform"},
        )
    (refund_id,) = [one["unidentified_id"] for one in open_unidentified(till) if one["kind"] == "refund"]
    act(till, LAN, "assign_unidentified", unidentified_id=refund_id, receipt_id=receipt_id, note="sent back")
    assert till.balances == {"provider_clearing:wechat": 8800, "merchant_payable": -8800}


@pytest.mark.parametrize("why", ["another_app", "order_not_found"])
def test_money_paid_in_another_app_is_assigned_to_no_payment(till, why):
    command = till.opened(part(yuan(5)))
    report(till, a_payment(out_trade_no=till.number(command), ours=False))
    with till.open_work() as work:  # the second is how it was booked before this reason existed
        work.connection.execute(text("UPDATE unidentified SET why = :why"), {"why": why})
    about = {"unidentified_id": only_unidentified(till), "payment_id": command.payment_id, "note": "perhaps"}
    with pytest.raises(AssignmentMismatched):
        act(till, MING, "assign_unidentified", **about)
    assert till.state(command) == "open"
