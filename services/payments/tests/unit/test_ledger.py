"""Postings balance and credit the right merchants; pauses and numbers of provider calls."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.ledger.model import UNAPPLIED_RECEIPTS, Entry, Posting, PostingKind, Unbalanced, provider_clearing
from payments.providers.model import Call, CallKind, id_of, number_of, pause
from payments.service import PROCEDURES
from payments.taking.model import postings
from services.payments.tests.builders import payment, yuan
from shared.ids import new_id
from shared.money import Money


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8))
def test_a_capture_credits_each_merchant_with_the_part_of_their_order(fen):
    paid = payment(*map(Money, fen))
    paid.capture(datetime.now(UTC))
    posting = postings.kept(new_id(), paid)
    payable = {entry.order_id: -entry.amount.amount for entry in posting.entries if entry.order_id}
    assert payable == {part.order_id: part.amount.amount for part in paid.parts if part.amount}


def test_a_posting_that_does_not_balance_cannot_be_made():
    entries = (Entry(provider_clearing("wechat"), yuan(2)), Entry(UNAPPLIED_RECEIPTS, yuan(-1)))
    with pytest.raises(Unbalanced):
        Posting(PostingKind.CAPTURED, new_id(), new_id(), entries)


def test_a_posting_balances_in_each_currency():
    entries = (Entry(provider_clearing("wechat"), Money(5, "CNY")), Entry(UNAPPLIED_RECEIPTS, Money(-5, "USD")))
    with pytest.raises(Unbalanced):
        Posting(PostingKind.CAPTURED, new_id(), new_id(), entries)


@pytest.mark.parametrize("kind", CallKind)
def test_a_call_is_retried_after_growing_pauses_up_to_a_limit(kind):
    call = {"kind": kind, "key": new_id(), "about": new_id(), "pauses": PROCEDURES[kind].pauses}
    pauses = [pause(Call(tries=tries, **call)) for tries in range(1, 100)]
    assert pauses[:3] == [timedelta(seconds=1), timedelta(seconds=2), timedelta(seconds=4)]
    assert pauses == sorted(pauses)
    assert pauses[-1] <= timedelta(hours=1)


def test_a_number_at_the_provider_has_32_characters_and_converts_back_to_its_id():
    identity = new_id()
    assert len(number_of(identity)) == 32
    assert id_of(number_of(identity)) == identity
    assert id_of("not-one-of-our-numbers") is None
