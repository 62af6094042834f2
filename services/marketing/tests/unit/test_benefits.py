"""The transitions of a checkout's benefits and of coupons."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.benefit_kinds import KINDS
from marketing.benefits.model.benefits import (
    OUT_OF_ORDER,
    SETTLED,
    STEPS,
    Benefits,
    BenefitsNotReady,
    BenefitsState,
    HoldRefusal,
    Transition,
    TransitionRefusal,
)
from marketing.coupons.model.coupons import HOLDABLE_AFTER_END, TRANSITIONS, CouponState, hold_refusal
from services.marketing.tests.builders import NOON, coupon, named
from shared.contracts.marketing import Benefit, BenefitsRefusal, BenefitsTransitionRefusal

CHECKOUT = named("CHECKOUT")
GREEN = (named("GREEN-COUPON"),)
FINAL = {BenefitsState.RELEASED, BenefitsState.RESTORED}


def benefits(state):
    return Benefits(CHECKOUT, state)


def hold(found, wanted=GREEN, at=NOON):
    owned = {each.coupon_id: each for each in found}
    found = {one: hold_refusal(owned.get(one), at) for one in wanted}
    return Benefits(CHECKOUT).hold(wanted, {one: refusal for one, refusal in found.items() if refusal})


def test_free_coupons_of_the_buyer_are_held():
    assert hold([coupon()]).state == BenefitsState.HELD


def test_a_checkout_without_coupons_is_held():
    assert hold([], wanted=()).state == BenefitsState.HELD


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ([], "benefit_not_found"),
        ([coupon(state=CouponState.HELD)], "benefit_taken"),
        ([coupon(state=CouponState.REDEEMED)], "benefit_taken"),
        ([coupon(expires_at=NOON - HOLDABLE_AFTER_END)], "benefit_expired"),
    ],
)
def test_one_coupon_that_cannot_be_held_refuses_all(found, reason):
    refused = hold([coupon("RED-COUPON"), *found], wanted=(named("RED-COUPON"), named("GREEN-COUPON")))
    assert (refused.state, refused.reason) == (BenefitsState.REFUSED, reason)
    assert refused.refused == (named("GREEN-COUPON"),)


def test_a_coupon_that_ended_after_its_quote_was_made_is_still_held():
    ended = coupon(expires_at=NOON - timedelta(minutes=15))
    assert hold([ended]).state == BenefitsState.HELD


def test_a_coupon_that_ends_at_the_last_possible_time_is_held():
    last = datetime.max.replace(tzinfo=UTC)
    assert hold([coupon(expires_at=last)]).state == BenefitsState.HELD


@pytest.mark.parametrize("move", STEPS)
def test_a_repeated_transition_changes_nothing(move):
    source = min(STEPS[move][0])
    once = benefits(source).after(move)
    assert once.state == STEPS[move][1]
    assert once.after(move) == once


@pytest.mark.parametrize(
    ("move", "state"),
    [
        (Transition.REDEEM, BenefitsState.NONE),
        (Transition.REDEEM, BenefitsState.RELEASED),
        (Transition.RELEASE, BenefitsState.REDEEMED),
        (Transition.RESTORE, BenefitsState.HELD),
    ],
)
def test_a_transition_out_of_order_raises(move, state):
    with pytest.raises(BenefitsNotReady):
        benefits(state).after(move)


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=12))
def test_in_any_order_of_transitions_coupons_are_held_once_and_redeemed_once(moves):
    state, held, redeemed = BenefitsState.NONE, 0, 0
    for move in moves:
        try:
            after = benefits(state).after(move).state
        except BenefitsNotReady:
            continue
        assert state not in FINAL or after is state
        held += (state, after) == (BenefitsState.NONE, BenefitsState.HELD)
        redeemed += after is BenefitsState.REDEEMED and state is not after
        state = after
    assert held <= 1
    assert redeemed <= held


def test_the_tables_have_every_state_at_most_once():
    for move, (sources, target) in STEPS.items():
        assert not sources & SETTLED[move]
        assert target in SETTLED[move] or target in FINAL


def test_every_transition_but_the_first_starts_where_another_ends():
    ends = {target for _, target in TRANSITIONS.values()} | {CouponState.FREE}
    assert {source for source, _ in TRANSITIONS.values()} <= ends


def test_every_refusal_has_its_code_in_the_contract():
    assert {refusal.value for refusal in HoldRefusal} < {refusal.value for refusal in BenefitsRefusal}


def test_every_transition_that_may_be_out_of_order_has_a_code_of_the_contract():
    may_be = {move for move, (sources, _) in STEPS.items() if sources | SETTLED[move] != set(BenefitsState)}
    assert set(OUT_OF_ORDER) == may_be
    assert {reason.value for reason in TransitionRefusal} == {reason.value for reason in BenefitsTransitionRefusal}


def test_every_kind_of_the_contract_is_registered_once():
    of_contract = get_args(Benefit) or (Benefit,)
    assert len(KINDS) == len(of_contract)
    assert {kind.benefit for kind in KINDS} == set(of_contract)
