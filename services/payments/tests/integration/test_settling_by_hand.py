"""Settling refunds by hand: by operators who saw the proof, and only if the provider cannot pay as well."""

import pytest

from payments.refunding.model.refunds import RefundInProgress
from payments.refunding.model.settlements import NeedsAnother, ProofUsed, ProposalChanged
from services.payments.tests.builders import yuan
from services.payments.tests.integration.test_notifications import unidentified
from services.payments.tests.integration.test_refund_actions import BY_HAND, LAN, MING, TRANSFER, act
from services.payments.tests.integration.test_refund_attempts import refusing
from services.payments.tests.integration.test_refunding import arrive, arrived, refunded


@pytest.mark.parametrize("other", [{"proof": "ICBC-2026-0043"}, {"paid_from": "provider"}])
def test_a_second_operator_confirms_only_the_proposal_they_saw(till, monkeypatch, other):
    monkeypatch.setenv("REFUND_SINGLE_OPERATOR_LIMIT", "799")
    refusing(monkeypatch, till, *["NO_AUTH"] * 9)
    refund_id = refunded(till, till.paid(), yuan(8)).body.refund_id
    act(till, MING, "settle_refund", refund_id=refund_id, **TRANSFER)
    act(till, MING, "settle_refund", refund_id=refund_id, **TRANSFER | other)
    with pytest.raises(ProposalChanged):
        act(till, LAN, "confirm_refund", refund_id=refund_id, **TRANSFER)
    assert arrived(till) == []


@pytest.mark.parametrize("whose", ["ours", "the provider's"])
def test_the_number_of_an_arrived_refund_is_no_proof_for_another_one(till, monkeypatch, whose):
    command = till.paid()
    done = refunded(till, command, yuan(3))
    arrive(till, done)
    number = done.body.refund_id.hex
    refusing(monkeypatch, till, *["NO_AUTH"] * 9)
    refund_id = refunded(till, command, yuan(3)).body.refund_id
    proof = number if whose == "ours" else till.wechat.refunds[number].refund_id
    with pytest.raises(ProofUsed):
        act(till, MING, "settle_refund", refund_id=refund_id, **BY_HAND | {"proof": proof})


@pytest.mark.parametrize("taken", [True, False])
def test_a_refund_without_a_response_for_a_week_is_settled_by_two_operators(till, taken):
    till.wechat.time_out("refund", calls=0 if taken else 10_000)
    till.wechat.time_out("query_refund", calls=10_000)
    refund_id = refunded(till, till.paid(), yuan(8)).body.refund_id
    till.later(days=1)
    with pytest.raises(RefundInProgress):
        act(till, MING, "settle_refund", refund_id=refund_id, **TRANSFER)
    till.later(days=7)
    act(till, MING, "settle_refund", refund_id=refund_id, **TRANSFER)
    with pytest.raises(NeedsAnother):
        act(till, MING, "confirm_refund", refund_id=refund_id, **TRANSFER | {"note": "it is all right"})
    act(till, LAN, "confirm_refund", refund_id=refund_id, **TRANSFER | {"note": "seen on the statement"})
    assert arrived(till) == [refund_id]
    assert till.balances == {"provider_clearing:wechat": 8800, "bank": -800, "merchant_payable": -8000}


def test_a_refund_paid_by_the_provider_after_a_settlement_without_response_is_unidentified(till):
    till.wechat.time_out("query_refund", calls=10_000)
    requested = refunded(till, till.paid(), yuan(8))
    till.later(seconds=6)
    till.later(days=8)
    act(till, MING, "settle_refund", refund_id=requested.body.refund_id, **TRANSFER)
    act(
        till,
        LAN,
        "confirm_refund",
        refund_id=requested.body.refund_id,
        **TRANSFER | {"note": "seen on the statement"},
    )
    till.wechat.time_out("query_refund", calls=0)
    till.wechat.let_arrive(requested.body.refund_id.hex)
    till.later(days=1)
    assert [why for _, why, _, _ in unidentified(till)] == ["paid_already"]


def test_a_refund_with_a_response_within_the_week_is_not_settled_by_hand(till):
    requested = refunded(till, till.paid(), yuan(8))
    till.wechat.time_out("query_refund", calls=10_000)
    till.later(days=6)
    till.wechat.time_out("query_refund", calls=0)
    till.later(days=1)
    till.wechat.time_out("query_refund", calls=10_000)
    till.later(days=6)
    with pytest.raises(RefundInProgress):
        act(till, MING, "settle_refund", refund_id=requested.body.refund_id, **TRANSFER)
