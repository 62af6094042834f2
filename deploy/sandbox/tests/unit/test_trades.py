"""The transitions of transactions and refunds, and the fields of requests, without I/O."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import schemas
from sandbox.errors import STATUS, Refused
from sandbox.trades import REFUND_TRANSITIONS, TRANSACTION_TRANSITIONS, Refund, Transaction, transaction_document

KETTLE = Transaction(
    out_trade_no="KETTLE000001",
    appid="wx0000000000000000",
    mchid="1900000109",
    description="COPPER-KETTLE",
    amount=19900,
    notify_url="http://127.0.0.1/notify",
    time_expire="2099-01-01T00:00:00+08:00",
    attach=None,
    code_url="weixin://wxpay/bizpayurl?pr=kettle",
    created_at="2026-01-01T00:00:00+00:00",
)
BACK = Refund(
    out_refund_no="BACK-1",
    refund_id="503",
    out_trade_no="KETTLE000001",
    amount=100,
    reason=None,
    notify_url=None,
    created_at="2026-01-01T00:00:00+00:00",
    outcome="succeed",
    due_at=None,
)
PREPAY = {
    "appid": "wx0000000000000000",
    "mchid": "1900000109",
    "description": "COPPER-KETTLE",
    "out_trade_no": "KETTLE000001",
    "notify_url": "http://127.0.0.1/notify",
    "amount": {"total": 19900, "currency": "CNY"},
}
REFUND = {
    "out_trade_no": "KETTLE000001",
    "out_refund_no": "BACK-1",
    "amount": {"refund": 100, "total": 19900, "currency": "CNY"},
}


def moved(thing, move):
    """Return `thing` after the move, or unchanged if the move is refused."""
    with suppress(Refused):
        return thing.move(move)
    return thing


@given(st.lists(st.sampled_from([name for name in TRANSACTION_TRANSITIONS if name != "refund"])))
def test_no_sequence_of_moves_loses_a_payment(moves):
    states = [trade.state for trade in accumulate(moves, moved, initial=KETTLE)]
    first_paid = states.index("SUCCESS") if "SUCCESS" in states else len(states)
    assert set(states[first_paid:]) <= {"SUCCESS"}


@given(st.lists(st.sampled_from(list(REFUND_TRANSITIONS))))
def test_a_finished_refund_does_not_change(moves):
    states = [refund.state for refund in accumulate(moves, moved, initial=BACK)]
    for before, after in pairwise(states):
        assert before == after or before in {"PROCESSING", "ABNORMAL"}


def test_an_expired_payment_can_only_be_paid_late():
    expired = replace(KETTLE, time_expire=(datetime.now(UTC) - timedelta(seconds=1)).isoformat(timespec="seconds"))
    with pytest.raises(Refused, match="ORDER_CLOSED"):
        expired.move("pay")
    assert expired.move("pay-late").state == "SUCCESS"
    assert transaction_document(expired)["trade_state"] == "NOTPAY"


def test_a_closed_payment_cannot_be_paid_in_time():
    with pytest.raises(Refused, match="ORDER_CLOSED"):
        KETTLE.move("close").move("pay")


def test_a_plain_prepay_is_accepted():
    assert schemas.prepay(PREPAY).amount == 19900


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("out_trade_no", "SHORT"),
        ("out_trade_no", "X" * 33),
        ("out_trade_no", "KETTLE 00001"),
        ("out_trade_no", 123456),
        ("description", ""),
        ("description", "壶" * 128),
        ("notify_url", "ftp://127.0.0.1/notify"),
        ("notify_url", "http:///notify"),
        ("notify_url", "http://127.0.0.1/notify?secret=1"),
        ("amount", 19900),
        ("amount", {"total": 0}),
        ("amount", {"total": -1}),
        ("amount", {"total": 1.5}),
        ("amount", {"total": True}),
        ("amount", {"total": "19900"}),
        ("amount", {"total": 19900, "currency": "USD"}),
        ("time_expire", "tomorrow"),
        ("time_expire", "2026-01-01T00:00:00"),
        ("time_expire", "2026-13-01T00:00:00+08:00"),
        ("attach", "x" * 129),
        ("mchid", None),
    ],
)
def test_an_invalid_field_of_a_prepay_is_named(field, value):
    with pytest.raises(Refused) as refused:
        schemas.prepay(PREPAY | {field: value})
    assert refused.value.code == "PARAM_ERROR"
    assert refused.value.field.startswith(f"/body/{field}")


@pytest.mark.parametrize(
    "changed",
    [
        {"out_refund_no": "空"},
        {"out_refund_no": "X" * 65},
        {"out_trade_no": None},
        {"amount": {"refund": 0, "total": 19900}},
        {"amount": {"refund": 100}},
        {"reason": "x" * 81},
    ],
)
def test_a_refund_with_an_invalid_field_is_refused(changed):
    assert schemas.refund(REFUND).amount == 100
    with pytest.raises(Refused, match="PARAM_ERROR"):
        schemas.refund(REFUND | changed)


def code_of(body):
    try:
        return type(schemas.document(body)).__name__
    except Refused as refused:
        return refused.code


@given(st.binary(max_size=40))
def test_any_body_is_an_object_or_a_param_error(body):
    assert code_of(body) in {"dict", "PARAM_ERROR"}


def test_every_refusal_of_a_state_has_an_http_status():
    assert all(Refused(code).status == status for code, status in STATUS.items())
