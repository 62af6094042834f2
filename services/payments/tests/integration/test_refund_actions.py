"""The operators' actions on stalled refunds: list them, retry them, settle them by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from payments import metrics
from payments.refunding import queries
from payments.refunding.model.refunds import RefundDecided, RefundInProgress, RefundNotFound, RefundReported
from payments.refunding.model.settlements import NeedsAnother, NotProposed, ProofUsed
from payments.taking.model.unidentified import Reason
from payments.taking.use_cases.unidentified import book_unidentified_refund
from services.payments.tests.builders import refund_payment, yuan
from services.payments.tests.integration.test_notifications import a_refund, report, unidentified
from services.payments.tests.integration.test_refund_attempts import attempts, closed, refusing, states
from services.payments.tests.integration.test_refunding import arrive, arrived, refunded
from shared.auth import Caller
from shared.ids import new_id
from shared.permissions import Role

MING, LAN = (Caller(user_id=new_id(), roles=frozenset({Role.OPERATOR})) for _ in range(2))
TRANSFER = {"paid_from": "bank", "proof": "ICBC-2026-0042", "note": "his card was closed"}
BY_HAND = {"paid_from": "provider", "proof": "by-hand-1", "note": "made in the merchant platform"}


def act(till, operator, method, **request):
    """Make an operator's request."""
    return getattr(till.service, method)(
        operator, {k: v if isinstance(v, list) else str(v) for k, v in request.items()}
    )


def attention(till):
    return [(one["refund_id"], one["why"]) for one in till.service.list_stalled_refunds(MING, {})["items"]]


def log(till):
    """The operator log, without reads."""
    reads = "('refund.list', 'refund.read', 'unidentified.list')"
    rows = till.rows(f"SELECT actor, action, note FROM operator_log WHERE action NOT IN {reads} ORDER BY entry_id")
    return [(row["actor"], row["action"], row["note"]) for row in rows]


@pytest.fixture
def refused(till, monkeypatch):
    """A refund of ¥8 that the provider refuses for lack of permission."""
    refusing(monkeypatch, till, *["NO_AUTH"] * 1000)
    requested = refunded(till, till.paid(), yuan(8))
    return requested.body.refund_id


def test_a_refund_is_stalled_after_hours_of_refusals_and_not_before(till, refused):
    till.later(hours=3)
    assert attention(till) == []
    till.later(hours=2)
    (found,) = till.service.list_stalled_refunds(MING, {})["items"]
    assert (found["refund_id"], found["why"], found["state"]) == (str(refused), "refused", "requested")
    assert [(a["state"], a["result"]) for a in found["attempts"]] == [("requested", "not_permitted")]


def test_an_abnormal_refund_is_stalled_at_once(till):
    command = till.paid()
    till.wechat.plan_refund(till.number(command), "abnormal")
    requested = refunded(till, command)
    arrive(till, requested)
    assert attention(till) == [(str(requested.body.refund_id), "abnormal")]


def test_a_processing_refund_is_stalled_only_after_a_week(till):
    requested = refunded(till, till.paid())
    till.later(days=6)
    assert attention(till) == []
    till.later(days=1)
    assert attention(till) == [(str(requested.body.refund_id), "slow")]


def test_a_refund_that_is_closed_repeatedly_is_stalled(till):
    requested = refunded(till, till.paid())
    for _ in range(3):
        closed(till, requested)
        assert attention(till) == [] or len(attempts(till)) == 4
        till.later(minutes=10)
    assert attention(till) == [(str(requested.body.refund_id), "closed_repeatedly")]


def test_stalled_refunds_are_counted_by_reason(till, refused):
    till.later(hours=5)
    with till.open_work() as work:
        queries.measure(work)
    assert metrics.stalled_refunds.labels("refused")._value.get() == 1
    assert metrics.stalled_refunds.labels("abnormal")._value.get() == 0


def test_an_operator_retries_a_refused_refund_at_once_under_the_same_number(till, monkeypatch):
    refusing(monkeypatch, till, *["NO_AUTH"] * 12)
    requested = refunded(till, till.paid())
    till.later(hours=1)
    for _ in range(12):
        act(till, MING, "retry_refund", refund_id=requested.body.refund_id, note="permission was granted")
        till.call_provider()
    assert attempts(till) == [(requested.body.refund_id.hex, "processing", "processing")]
    assert log(till)[0] == (str(MING.account), "refund.retry", "permission was granted")


def test_an_operator_retries_a_processing_refund_by_a_query_and_a_closed_one_gets_a_new_number(till):
    requested = refunded(till, till.paid())
    till.wechat.plan_refund(till.wechat.refunds[requested.body.refund_id.hex].out_trade_no, "close")
    till.wechat.let_arrive(requested.body.refund_id.hex)
    for expected in (["closed", "requested"], ["closed", "processing"]):
        act(till, MING, "retry_refund", refund_id=requested.body.refund_id, note="the shopper asks")
        till.call_provider()
        assert states(till) == expected


def test_a_small_refund_is_settled_by_hand_by_one_operator_and_posted_and_published(till, refused):
    seen = act(till, MING, "settle_refund", refund_id=refused, **TRANSFER)
    assert (seen["state"], seen["settlement"]["confirmed_by"]) == ("settled_by_hand", str(MING.account))
    assert arrived(till) == [refused]
    assert till.balances == {"provider_clearing:wechat": 8800, "bank": -800, "merchant_payable": -8000}
    calls = till.wechat.calls["refund"]
    till.later(days=1)
    assert till.wechat.calls["refund"] == calls
    assert [(action, note) for _, action, note in log(till)] == [
        ("refund.propose_settlement", "his card was closed"),
        ("refund.settle", "his card was closed"),
    ]


def test_a_large_refund_is_settled_by_hand_only_when_a_second_operator_confirms_it(till, monkeypatch):
    monkeypatch.setenv("REFUND_SINGLE_OPERATOR_LIMIT", "799")
    refusing(monkeypatch, till, *["NO_AUTH"] * 9)
    refund_id = refunded(till, till.paid(), yuan(8)).body.refund_id
    act(till, MING, "settle_refund", refund_id=refund_id, **TRANSFER)
    assert attention(till) == [(str(refund_id), "to_be_confirmed")]
    with pytest.raises(NeedsAnother):
        act(till, MING, "confirm_refund", refund_id=refund_id, **TRANSFER | {"note": "it is all right"})
    assert arrived(till) == []
    act(till, LAN, "confirm_refund", refund_id=refund_id, **TRANSFER | {"note": "seen on the statement"})
    assert arrived(till) == [refund_id]
    assert till.balances == {"provider_clearing:wechat": 8800, "bank": -800, "merchant_payable": -8000}
    assert log(till)[-1] == (str(LAN.account), "refund.settle", "seen on the statement")


def test_nothing_is_confirmed_that_was_not_proposed(till, refused):
    with pytest.raises(NotProposed):
        act(till, LAN, "confirm_refund", refund_id=refused, **TRANSFER | {"note": "why not"})


def test_a_refund_in_progress_is_not_settled_by_hand(till):
    requested = refunded(till, till.paid(), yuan(8))
    with pytest.raises(RefundInProgress):
        act(till, MING, "settle_refund", refund_id=requested.body.refund_id, **TRANSFER)
    assert log(till) == []


@pytest.mark.parametrize("action", ["retry_refund", "settle_refund", "confirm_refund"])
def test_a_refund_that_has_arrived_allows_no_actions(till, action):
    requested = refunded(till, till.paid(), yuan(8))
    arrive(till, requested)
    with pytest.raises(RefundDecided):
        act(till, MING, action, refund_id=requested.body.refund_id, **TRANSFER)


@pytest.mark.parametrize("action", ["get_refund", "retry_refund", "settle_refund", "confirm_refund"])
def test_an_unknown_refund_is_not_found(till, action):
    with pytest.raises(RefundNotFound):
        act(till, MING, action, refund_id=new_id(), **TRANSFER)


def test_an_abnormal_refund_that_succeeds_after_a_settlement_by_hand_is_unidentified(till):
    command = till.paid()
    till.wechat.plan_refund(till.number(command), "abnormal")
    requested = refunded(till, command, yuan(8))
    arrive(till, requested)
    act(till, MING, "settle_refund", refund_id=requested.body.refund_id, **TRANSFER)
    arrive(till, requested)
    assert arrived(till) == [requested.body.refund_id]
    assert [why for _, why, _, _ in unidentified(till)] == ["paid_already"]
    expected = {
        "provider_clearing:wechat": 8000,
        "bank": -800,
        "merchant_payable": -8000,
        "unidentified_refunds": 800,
    }
    assert till.balances == expected


def test_a_settlement_at_the_provider_is_matched_with_its_notification(till, monkeypatch):
    refusing(monkeypatch, till, *["NO_AUTH"] * 9)
    command = till.paid()
    refund_id = refunded(till, command, yuan(8)).body.refund_id
    proof = {"paid_from": "provider", "proof": "by-hand-1", "note": "made in the merchant platform"}
    act(till, MING, "settle_refund", refund_id=refund_id, **proof)
    report(till, a_refund(till, command, amount=yuan(8)))
    assert unidentified(till) == []
    assert till.balances == {"provider_clearing:wechat": 8000, "merchant_payable": -8000}


def test_a_settlement_at_the_provider_does_not_match_a_notification_of_another_amount(till, monkeypatch):
    refusing(monkeypatch, till, *["NO_AUTH"] * 9)
    command = till.paid()
    refund_id = refunded(till, command, yuan(8)).body.refund_id
    proof = {"paid_from": "provider", "proof": "by-hand-1", "note": "made in the merchant platform"}
    act(till, MING, "settle_refund", refund_id=refund_id, **proof)
    report(till, a_refund(till, command, amount=yuan(9)))
    assert [why for _, why, _, _ in unidentified(till)] == ["refund_not_found"]


def test_a_refund_that_the_provider_has_notified_cannot_be_settled_by_hand(till, monkeypatch):
    refusing(monkeypatch, till, *["NO_AUTH"] * 9)
    command = till.paid()
    refund_id = refunded(till, command, yuan(8)).body.refund_id
    report(till, a_refund(till, command, amount=yuan(8)))
    proof = {"paid_from": "provider", "proof": "by-hand-1", "note": "made in the merchant platform"}
    with pytest.raises(RefundReported):
        act(till, MING, "settle_refund", refund_id=refund_id, **proof)


def test_a_large_settlement_that_is_notified_before_it_is_confirmed_is_posted_once(till, monkeypatch):
    monkeypatch.setenv("REFUND_SINGLE_OPERATOR_LIMIT", "799")
    refusing(monkeypatch, till, *["NO_AUTH"] * 9)
    command = till.paid()
    refund_id = refunded(till, command, yuan(8)).body.refund_id
    act(till, MING, "settle_refund", refund_id=refund_id, **BY_HAND)
    report(till, a_refund(till, command, amount=yuan(8)))
    with pytest.raises(RefundReported):
        act(
            till, LAN, "confirm_refund", refund_id=refund_id, **BY_HAND | {"note": "seen in the merchant platform"}
        )
    (found,) = till.service.list_unidentified(LAN, {})["items"]
    about = {"unidentified_id": found["unidentified_id"], "refund_ids": [str(refund_id)]}
    act(till, LAN, "assign_unidentified", **about, note="this one")
    assert arrived(till) == [refund_id]
    assert till.balances == {"provider_clearing:wechat": 8000, "merchant_payable": -8000}


def test_one_refund_made_by_hand_at_the_provider_settles_one_refund(till, monkeypatch):
    refusing(monkeypatch, till, *["NO_AUTH"] * 9)
    command = till.paid()
    first, second = (refunded(till, command, yuan(8)).body.refund_id for _ in range(2))
    act(till, MING, "settle_refund", refund_id=first, **BY_HAND)
    with pytest.raises(ProofUsed):
        act(till, MING, "settle_refund", refund_id=second, **BY_HAND)
    assert arrived(till) == [first]
    assert till.balances == {
        "provider_clearing:wechat": 8000,
        "refunds_in_transit:wechat": -800,
        "merchant_payable": -7200,
    }


def test_a_notification_waits_for_a_concurrent_settlement_with_its_number_as_proof(till):
    with till.open_work() as settling:
        settling.settlements.lock_numbers("by-hand-1")
        about = a_refund(till, till.paid())
        with till.open_work() as reporting:
            reporting.connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                book_unidentified_refund(reporting, "wechat", about, Reason.REFUND_NOT_FOUND)
            reporting.connection.rollback()


def test_a_refund_whose_call_timed_out_is_not_settled_by_hand_before_a_query(till):
    till.wechat.time_out("refund", done=True)
    requested = refunded(till, till.paid(), yuan(8))
    with pytest.raises(RefundInProgress):
        act(till, MING, "settle_refund", refund_id=requested.body.refund_id, **TRANSFER)
    till.later(seconds=6)
    assert states(till) == ["processing"]
    with pytest.raises(RefundInProgress):
        act(till, MING, "settle_refund", refund_id=requested.body.refund_id, **TRANSFER)
    arrive(till, requested)
    assert till.balances == {"provider_clearing:wechat": 8000, "merchant_payable": -8000}


def test_a_refund_whose_call_timed_out_is_settled_by_hand_once_a_query_does_not_find_it(till):
    till.wechat.time_out("refund", calls=100)
    requested = refunded(till, till.paid(), yuan(8))
    for _ in range(13):  # s; the last query is 5 s after the call at 7 s, the next call at 15 s
        till.later(seconds=1)
    assert (
        act(till, MING, "settle_refund", refund_id=requested.body.refund_id, **TRANSFER)["state"]
        == "settled_by_hand"
    )


def test_a_query_that_times_out_does_not_allow_a_settlement(till):
    till.wechat.time_out("refund", calls=100)
    till.wechat.time_out("query_refund", calls=100)
    requested = refunded(till, till.paid(), yuan(8))
    for _ in range(13):
        till.later(seconds=1)
    with pytest.raises(RefundInProgress):
        act(till, MING, "settle_refund", refund_id=requested.body.refund_id, **TRANSFER)


@pytest.mark.parametrize("tried_again", [False, True])
def test_a_refund_is_not_settled_by_hand_during_a_provider_call(till, tried_again):
    requested = till.send(refund_payment(till.paid(), yuan(8)))
    (provider_call,) = till.worker.claim(till.open_work, 10)
    if tried_again:
        act(till, MING, "retry_refund", refund_id=requested.body.refund_id, note="at once, please")
    with pytest.raises(RefundInProgress):
        act(till, MING, "settle_refund", refund_id=requested.body.refund_id, **TRANSFER)
    till.worker.carry_out(till.open_work, provider_call)
    assert states(till) == ["processing"]


def test_a_large_settlement_is_not_confirmed_once_the_provider_has_accepted_the_refund(till, monkeypatch):
    monkeypatch.setenv("REFUND_SINGLE_OPERATOR_LIMIT", "799")
    refusing(monkeypatch, till, "NO_AUTH")
    refund_id = refunded(till, till.paid(), yuan(8)).body.refund_id
    act(till, MING, "settle_refund", refund_id=refund_id, **TRANSFER)
    till.later(seconds=2)
    with pytest.raises(RefundInProgress):
        act(till, LAN, "confirm_refund", refund_id=refund_id, **TRANSFER | {"note": "seen on the statement"})


def test_a_refund_that_the_provider_has_after_a_settlement_by_hand_is_found_by_a_query(till, refused):
    command = till.rows("SELECT payment_id, attempt_id FROM payments")[0]
    act(till, MING, "settle_refund", refund_id=refused, **TRANSFER)
    till.wechat._refund(refused.hex, command["attempt_id"].hex, yuan(8), yuan(88))
    till.call_provider()
    assert states(till) == ["processing"]
    till.wechat.let_arrive(refused.hex)
    till.later(seconds=6)
    assert [why for _, why, _, _ in unidentified(till)] == ["paid_already"]


def test_a_call_for_a_decided_refund_is_not_made(till, refused, monkeypatch):
    act(till, MING, "settle_refund", refund_id=refused, **TRANSFER)
    with till.open_work() as work:
        work.connection.execute(text("UPDATE provider_calls SET due_at = now() WHERE kind = 'refund'"))
    monkeypatch.setattr(till.wechat, "refund", None)
    till.call_provider()
    assert till.rows("SELECT FROM provider_calls WHERE kind = 'refund' AND due_at IS NOT NULL") == []


def test_a_query_that_began_before_a_call_timed_out_does_not_allow_a_settlement(till):
    till.wechat.time_out("refund", calls=100)
    requested = refunded(till, till.paid(), yuan(8))
    till.ahead += timedelta(seconds=6)
    both = sorted(till.worker.claim(till.open_work, 10), key=lambda one: one.call.kind == "query_refund")
    for provider_call in both:
        till.worker.carry_out(till.open_work, provider_call)
    assert [provider_call.call.kind for provider_call in both] == ["refund", "query_refund"]
    with pytest.raises(RefundInProgress):
        act(till, MING, "settle_refund", refund_id=requested.body.refund_id, **TRANSFER)
