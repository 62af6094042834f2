"""The paths of the sagas that refund: cancel_order and refund."""

from dataclasses import replace

import pytest

from orders.sagas import cancel_order, checkout, refund
from services.orders.tests.unit.saga_states import a_cancellation, a_checkout, a_refund, claimed
from shared.contracts import catalog, marketing, payments
from shared.money import Money
from shared.sagas.conversation import Conversation
from shared.sagas.core import SagaActionNotAllowed, operator_actions


def cancelling(state, *, last=True):
    return Conversation(
        cancel_order.saga, state, {"claim": claimed, "close": lambda s: replace(s, last=last)}
    ).did("claim")


def test_a_cancelled_order_is_refunded_and_restocked_and_the_last_one_restores_the_coupon():
    talk = cancelling(a_cancellation()).asks(payments.RefundPayment)
    assert talk.command.amount == Money(3000)
    talk.told_yes().asks(catalog.Restock).told_yes().did("close")
    talk.asks(marketing.RestoreBenefits).told_yes().ends("done")


def test_a_cancelled_order_that_is_not_the_last_leaves_the_coupon_used():
    talk = cancelling(a_cancellation(), last=False)
    talk.asks(payments.RefundPayment).told_yes().asks(catalog.Restock).told_yes().ends("done")


def test_an_order_with_nothing_left_to_refund_is_only_cancelled():
    Conversation(cancel_order.saga, a_cancellation(benefits=False)).did("claim", "close").ends("done")


def test_a_cancelled_order_that_payments_refuses_to_refund_is_stuck_until_an_operator_resumes_it():
    talk = cancelling(a_cancellation()).asks(payments.RefundPayment).told_no()
    talk.ends("stuck")
    assert talk.alarms
    talk.resumed().asks(payments.RefundPayment).told_yes().asks(catalog.Restock)


@pytest.mark.parametrize("is_stuck", [False, True])
def test_the_refund_of_a_cancelled_order_cannot_be_skipped(is_stuck):
    talk = cancelling(a_cancellation()).asks(payments.RefundPayment)
    talk = talk.told_no().ends("stuck") if is_stuck else talk
    assert operator_actions(talk.saga, talk.now) == ("resume",)
    with pytest.raises(SagaActionNotAllowed):
        talk.skipped()


def test_restocking_can_be_skipped():
    talk = cancelling(a_cancellation()).told_yes().asks(catalog.Restock)
    talk.skipped().did("close")


def test_a_refused_restock_leaves_the_saga_stuck_with_the_reason_until_it_is_resumed():
    talk = cancelling(a_cancellation()).told_yes().asks(catalog.Restock)
    first = talk.command
    reason = catalog.RestockRefusal.RESTOCK_TOO_MUCH
    talk.told(catalog.RestockRefused(refund_id=first.refund_id, order_id=first.order_id, reason=reason))
    talk.ends("stuck")
    assert talk.now.reason == "restock_too_much"
    assert operator_actions(talk.saga, talk.now) == ("resume", "skip")
    talk.resumed().asks(first).told_yes().did("close")


def test_closing_the_payment_of_a_checkout_that_is_undone_cannot_be_skipped():
    talk = (
        Conversation(checkout.saga, a_checkout()).told_yes().told_yes().asks(payments.OpenPayment).told_nothing()
    )
    talk.asks(payments.CancelPayment)
    assert operator_actions(talk.saga, talk.now) == ("resume", "cancel")


@pytest.mark.parametrize("saga", [cancel_order.saga, refund.saga])
def test_no_saga_waits_for_a_refund_to_be_paid_and_the_version_marks_the_change_of_steps(saga):
    assert payments.PaymentRefunded not in saga.answers
    assert not [*saga.awaits]
    assert saga.version == 2


def test_a_refund_without_a_reply_is_sent_again_with_the_same_content():
    talk = cancelling(a_cancellation()).asks(payments.RefundPayment)
    first, first_id = talk.command, talk.now.awaiting
    talk.told_nothing().asks(first)
    assert talk.now.awaiting != first_id
    talk.consumes(payments.RefundAccepted(**_of(first)), answers=first_id).asks(first)


def test_a_refund_restocks_and_is_done_once_payments_has_accepted_it():
    talk = Conversation(refund.saga, a_refund()).did("open")
    talk.asks(payments.RefundPayment).told_yes().asks(catalog.Restock).told_yes()
    talk.did("close").ends("done")


def test_a_refund_of_shipped_units_restocks_nothing():
    talk = Conversation(refund.saga, a_refund(restock=False))
    talk.asks(payments.RefundPayment).told_yes().did("open", "close").ends("done")


def test_a_refund_that_payments_refuses_fails_the_case_and_restocks_nothing():
    state = a_refund()
    talk = Conversation(refund.saga, state).did("open").asks(payments.RefundPayment)
    talk.told(payments.RefundFailed(**_ids(talk.command), reason="refund_amount_exceeded"))
    talk.did("undo open").ends("undone")
    assert talk.now.state.failure == "refund_amount_exceeded"


def test_a_refund_without_a_reply_can_be_resumed_by_an_operator_and_not_skipped():
    talk = Conversation(refund.saga, a_refund()).asks(payments.RefundPayment)
    first, first_id = talk.command, talk.now.awaiting
    assert operator_actions(talk.saga, talk.now) == ("resume",)
    with pytest.raises(SagaActionNotAllowed):
        talk.skipped()
    talk.resumed().asks(first)
    assert talk.now.awaiting != first_id
    talk.told_yes().asks(catalog.Restock)


def test_a_refund_without_a_reply_is_sent_again_and_not_undone():
    talk = Conversation(refund.saga, a_refund()).did("open").asks(payments.RefundPayment)
    talk.told_nothing().asks(payments.RefundPayment).did()
    assert talk.published[-1].within is None


def _ids(command):
    return {name: getattr(command, name) for name in ("refund_id", "payment_id", "order_id")}


def _of(command):
    return {**_ids(command), "amount": command.amount, "lines": command.lines}
