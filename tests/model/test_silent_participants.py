"""SG-6, SG-8: a participant is silent to a step. Its undo works whether it happened, did not, or happens later."""

import pytest

from shared.contracts import catalog, marketing, payments
from tests.model import people
from tests.model.people import OPENING

STEPS = {
    "catalog": (catalog.ReserveStock, catalog.ReleaseStock),
    "marketing": (marketing.HoldBenefits, marketing.ReleaseBenefits),
    "payments": (payments.OpenPayment, payments.CancelPayment),
}


@pytest.fixture
def place(world):
    """Two cups with a coupon, checked out by a new shopper: the ids of the goods, the coupon and the checkout."""

    def call():
        shop, shopper = people.a_shop(world, 101), people.a_shopper()
        campaign_id = people.a_campaign(world, shop)
        coupon = world.call("marketing", "claim_coupon", shopper, campaign_id=campaign_id)["coupon_id"]
        checkout_id = people.buy(world, shopper, [(shop.skus[0], 2)], [coupon], "wechat")
        return shop.skus[0], coupon, checkout_id

    return call


def only(world, kind):
    (found,) = [letter for letter in world.pile if isinstance(letter.sealed.body, kind)]
    return found


def until(world, kind):
    """Deliver everything but this command, which is on its way then."""
    while not any(isinstance(letter.sealed.body, kind) for letter in world.pile):
        world.hand_over(world.letters()[0])
        world.call_provider()
    return only(world, kind)


def done_without_answer(world, do, *, late=False):
    """Its answers disappear, or come when nobody waits for them any more."""
    before = list(world.pile)
    world.hand_over(do)
    world.call_provider()
    answers = [letter for letter in world.letters() if letter not in before]
    assert answers
    for answer in answers:
        world.pile.remove(answer)
    world.kept_back = answers if late else []


SILENCES = {
    "the do is lost": lambda world, do: world.pile.remove(do),
    "the do is done and its answer lost": done_without_answer,
    "the do is done and its answer late": lambda world, do: done_without_answer(world, do, late=True),
    "the do comes after its undo": lambda world, do: None,
}


def time_is_up(world):
    """The clock of the present step rings."""
    world.hand_over(world.letters(timers=True)[-1])


@pytest.mark.parametrize("silence", SILENCES)
@pytest.mark.parametrize("name", STEPS)
def test_sg_06_the_undo_of_a_silent_step_leaves_nothing_behind(world, place, name, silence):
    kind, undo = STEPS[name]
    sku_id, coupon, checkout_id = place()
    do, world.kept_back = until(world, kind), []
    SILENCES[silence](world, do)
    time_is_up(world)
    undoing = only(world, undo)
    if do in world.pile:
        world.hand_over(undoing)
    the_rest_arrives(world)
    for answer in world.kept_back:  # SG-8
        world.pile.append(answer)
    the_rest_arrives(world)
    assert how_it_ended(world, checkout_id) == ("undone", "cancelled")
    assert nothing_is_held(world, sku_id, coupon, checkout_id)


def test_sg_08_a_late_answer_after_the_deadline_moves_nothing_and_what_it_tells_of_is_undone(world, place):
    _, _, checkout_id = place()
    do, world.kept_back = until(world, catalog.ReserveStock), []
    done_without_answer(world, do, late=True)
    time_is_up(world)
    before = saga(world, checkout_id)
    assert before["status"] == "undoing"
    world.pile += world.kept_back
    for answer in world.kept_back:
        world.hand_over(answer)
    assert saga(world, checkout_id) == before
    assert only(world, catalog.ReleaseStock)


def the_rest_arrives(world):
    for _ in range(3):
        world.hand_over_all()
        world.call_provider()


def saga(world, checkout_id):
    query = "SELECT * FROM saga WHERE business_key = :key"
    (row,) = world.rows("orders", query, key=checkout_id)
    return row


def how_it_ended(world, checkout_id):
    (order,) = world.rows("orders", "SELECT state FROM orders WHERE checkout_id = :id", id=checkout_id)
    return saga(world, checkout_id)["status"], order["state"]


def nothing_is_held(world, sku_id, coupon, checkout_id):
    (stock,) = world.rows("catalog", "SELECT on_hand, reserved FROM stock WHERE sku_id = :id", id=sku_id)
    (kept,) = world.rows("marketing", "SELECT state FROM coupons WHERE coupon_id = :id", id=coupon)
    states = world.rows("payments", "SELECT state FROM payments WHERE checkout_id = :id", id=checkout_id)
    assert (stock["on_hand"], stock["reserved"], kept["state"]) == (OPENING, 0, "free")
    assert {row["state"] for row in states} <= {"cancelled", "failed"}
    assert {payment.state for payment in world.wechat.payments.values()} <= {"closed"}
    return True
