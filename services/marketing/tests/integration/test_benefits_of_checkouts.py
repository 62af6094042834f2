"""Coupons are held, redeemed, released and restored for checkouts, by commands that may arrive twice or late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketing.service import MarketingService
from services.marketing.tests.builders import benefits_of, named
from services.marketing.tests.stored import give, offer, states, transitions
from shared.contracts.marketing import (
    BenefitsHeld,
    BenefitsRedeemed,
    BenefitsRefused,
    BenefitsReleased,
    BenefitsRestored,
    BenefitsTransitionRefused,
    HoldBenefits,
    RedeemBenefits,
    ReleaseBenefits,
    RestoreBenefits,
)
from shared.ids import new_id
from shared.testing import deliver, envelope, published, replied


def hold(coupon_ids, checkout_id=None, owner="MEI"):
    return HoldBenefits(
        checkout_id=checkout_id or new_id(), buyer_id=named(owner), benefits=benefits_of(coupon_ids)
    )


def send(open_work, *commands):
    """Deliver commands one after the other; returns the replies."""
    before = len(replied(open_work))
    for command in commands:
        deliver(MarketingService, open_work, command)
    return replied(open_work)[before:]


def refused(command, reason, *coupon_ids):
    return BenefitsRefused(checkout_id=command.checkout_id, reason=reason, benefits=benefits_of(coupon_ids))


def test_a_coupon_goes_from_free_to_held_to_redeemed(open_work, offered):
    mine = give(open_work, offered)
    request = hold(mine)
    ids = {"checkout_id": request.checkout_id}
    assert send(open_work, request) == [BenefitsHeld(**ids)]
    assert states(open_work, mine) == ["held"]
    assert send(open_work, RedeemBenefits(**ids)) == [BenefitsRedeemed(**ids)]
    assert states(open_work, mine) == ["redeemed"]
    assert transitions(open_work, mine[0]) == ["issue", "hold", "redeem"]


@pytest.mark.parametrize(
    ("steps", "undo"),
    [
        ([], [ReleaseBenefits]),
        (["hold"], [ReleaseBenefits]),
        (["hold", "hold"], [ReleaseBenefits, ReleaseBenefits]),
        (["hold", RedeemBenefits], [RestoreBenefits]),
        (["hold", RedeemBenefits, RedeemBenefits], [RestoreBenefits, RestoreBenefits]),
    ],
)
def test_lesson_05_the_coupon_of_a_checkout_undone_at_any_step_is_free_again(open_work, offered, steps, undo):
    mine = give(open_work, offered)
    request = hold(mine)
    for step in (*steps, *undo):
        send(open_work, request if step == "hold" else step(checkout_id=request.checkout_id))
    assert states(open_work, mine) == ["free"]
    assert send(open_work, again := hold(mine)) == [BenefitsHeld(checkout_id=again.checkout_id)]


def test_lesson_04_of_fifty_concurrent_checkouts_one_gets_the_coupon(open_work, offered):
    mine = give(open_work, offered)
    requests = [hold(mine) for _ in range(50)]
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda request: deliver(MarketingService, open_work, request), requests))
    answers = replied(open_work)
    assert sorted(type(answer).__name__ for answer in answers) == ["BenefitsHeld", *["BenefitsRefused"] * 49]
    assert states(open_work, mine) == ["held"]
    assert transitions(open_work, mine[0]) == ["issue", "hold"]


def test_lesson_04_of_fifty_checkouts_in_one_batch_one_gets_the_coupon(open_work, offered):
    mine = give(open_work, offered)
    deliver(MarketingService, open_work, *(hold(mine) for _ in range(50)))
    assert [type(answer) for answer in replied(open_work)] == [BenefitsHeld, *[BenefitsRefused] * 49]


def test_all_coupons_are_held_or_none(open_work, offered):
    free, taken = give(open_work, offered, count=2)
    send(open_work, hold([taken]))
    assert send(open_work, both := hold([free, taken])) == [refused(both, "benefit_taken", taken)]
    assert states(open_work, [free, taken]) == ["free", "held"]


def test_coupons_held_in_opposite_orders_do_not_deadlock(open_work, offered):
    mine = give(open_work, offered, count=6)
    requests = [hold(order) for order in [mine, mine[::-1]] * 10]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda request: deliver(MarketingService, open_work, request), requests))
    assert [type(answer) for answer in replied(open_work)].count(BenefitsHeld) == 1
    assert states(open_work, mine) == ["held"] * 6


def test_another_shoppers_coupon_is_unknown(open_work, offered):
    mine = give(open_work, offered)
    assert send(open_work, request := hold(mine, owner="LI LEI")) == [refused(request, "benefit_not_found", *mine)]
    assert states(open_work, mine) == ["free"]


def test_an_expired_coupon_is_refused(open_work):
    now = datetime.now(UTC)
    over = offer(open_work, starts_at=now - timedelta(days=2), ends_at=now - timedelta(hours=1))
    mine = give(open_work, over)
    assert send(open_work, request := hold(mine)) == [refused(request, "benefit_expired", *mine)]


def test_a_repeated_command_gets_the_first_reply_again(open_work, offered):
    mine = give(open_work, offered)
    request, rival = hold(mine), hold(mine)
    assert send(open_work, request, rival) == send(open_work, request, rival)
    assert transitions(open_work, mine[0]) == ["issue", "hold"]


def test_ib_06_a_copy_after_the_inbox_was_purged_gets_the_first_reply_again(open_work, offered):
    mine = give(open_work, offered)
    request = envelope(hold(mine))
    first = send(open_work, request)
    with open_work() as work:
        work.connection.execute(text("DELETE FROM inbox"))
    assert send(open_work, request) == first
    assert transitions(open_work, mine[0]) == ["issue", "hold"]


def test_a_refusal_is_repeated_although_the_coupon_is_free_again(open_work, offered):
    mine = give(open_work, offered)
    winner, loser = hold(mine), hold(mine)
    send(open_work, winner, loser, ReleaseBenefits(checkout_id=winner.checkout_id))
    assert send(open_work, loser) == [refused(loser, "benefit_taken", *mine)]


def test_a_hold_after_its_undo_is_refused_by_the_tombstone(open_work, offered):
    mine = give(open_work, offered)
    request = hold(mine)
    undone = ReleaseBenefits(checkout_id=request.checkout_id)
    assert send(open_work, undone, request) == [
        BenefitsReleased(checkout_id=request.checkout_id),
        refused(request, "released"),
    ]
    assert states(open_work, mine) == ["free"]


def test_dl_12_a_hold_past_its_deadline_is_refused_and_may_be_sent_again(open_work, offered):
    mine = give(open_work, offered)
    request = hold(mine)
    late = envelope(request, not_after=datetime.now(UTC) - timedelta(seconds=1))
    assert send(open_work, late) == [refused(request, "too_late")]
    assert send(open_work, request) == [BenefitsHeld(checkout_id=request.checkout_id)]


def test_the_reply_to_a_late_repetition_is_the_first_one(open_work, offered):
    request = hold(give(open_work, offered))
    send(open_work, request)
    late = envelope(request, not_after=datetime.now(UTC) - timedelta(seconds=1))
    assert send(open_work, late) == [BenefitsHeld(checkout_id=request.checkout_id)]


def test_undo_and_redeem_have_no_deadline(open_work, offered):
    request = hold(give(open_work, offered))
    ids = {"checkout_id": request.checkout_id}
    past = datetime.now(UTC) - timedelta(days=1)
    send(open_work, request)
    commands = [envelope(kind(**ids), not_after=past) for kind in (RedeemBenefits, RestoreBenefits)]
    assert send(open_work, *commands) == [BenefitsRedeemed(**ids), BenefitsRestored(**ids)]


def test_a_checkout_without_coupons_passes_through_every_step(open_work):
    request = hold([])
    ids = {"checkout_id": request.checkout_id}
    answers = send(open_work, request, RedeemBenefits(**ids), RestoreBenefits(**ids))
    assert answers == [BenefitsHeld(**ids), BenefitsRedeemed(**ids), BenefitsRestored(**ids)]


@pytest.mark.parametrize(
    ("before", "command", "reason"),
    [
        ([], RedeemBenefits, "nothing_held"),
        (["hold", ReleaseBenefits], RedeemBenefits, "nothing_held"),
        (["hold"], RestoreBenefits, "not_redeemed"),
        (["hold", RedeemBenefits], ReleaseBenefits, "already_redeemed"),
    ],
)
def test_a_command_out_of_order_is_refused_each_time_and_changes_nothing(
    open_work, offered, before, command, reason
):
    mine = give(open_work, offered)
    request = hold(mine)
    for step in before:
        send(open_work, request if step == "hold" else step(checkout_id=request.checkout_id))
    facts, found, moved = published(open_work), states(open_work, mine), transitions(open_work, mine[0])
    no = BenefitsTransitionRefused(checkout_id=request.checkout_id, reason=reason)
    assert send(open_work, *[command(checkout_id=request.checkout_id)] * 2) == [no, no]
    assert (published(open_work), states(open_work, mine), transitions(open_work, mine[0])) == (
        facts,
        found,
        moved,
    )


def test_a_command_out_of_order_does_not_affect_the_others_in_its_batch(open_work, offered):
    mine = give(open_work, offered)
    request, stray = hold(mine), new_id()
    ids = {"checkout_id": request.checkout_id}
    send(open_work, request)
    batch = [RedeemBenefits(checkout_id=stray), RedeemBenefits(**ids), RedeemBenefits(checkout_id=stray)]
    deliver(MarketingService, open_work, *batch)
    no = BenefitsTransitionRefused(checkout_id=stray, reason="nothing_held")
    assert replied(open_work)[-3:] == [no, BenefitsRedeemed(**ids), no]
    assert states(open_work, mine) == ["redeemed"]


def test_benefits_that_were_not_redeemed_yet_are_restored_when_the_command_is_sent_again(open_work, offered):
    mine = give(open_work, offered)
    request = hold(mine)
    ids = {"checkout_id": request.checkout_id}
    send(open_work, request)
    answers = send(open_work, RestoreBenefits(**ids), RedeemBenefits(**ids), RestoreBenefits(**ids))
    refused_first = BenefitsTransitionRefused(**ids, reason="not_redeemed")
    assert answers == [refused_first, BenefitsRedeemed(**ids), BenefitsRestored(**ids)]
    assert states(open_work, mine) == ["free"]


def test_the_transitions_of_coupons_are_append_only(open_work, offered):
    give(open_work, offered)
    for change in ("UPDATE coupon_transitions SET move = 'redeem'", "DELETE FROM coupon_transitions"):
        with pytest.raises(DBAPIError, match="append-only"), open_work() as work:
            work.connection.exec_driver_sql(change)
