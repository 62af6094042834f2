"""SG-6, SG-8: a participant does not reply to a step. The undo works if the step happened, did not, or will."""

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
    """Two cups with a coupon, checked out by a new shopper: the ids of the SKU, the coupon and the checkout."""

    def call():
        shop, shopper = people.a_shop(world, 101), people.a_shopper()
        campaign_id = people.a_campaign(world, shop)
        coupon = world.call("marketing", "claim_coupon", shopper, campaign_id=campaign_id)["coupon_id"]
        checkout_id = people.buy(world, shopper, [(shop.skus[0], 2)], [coupon], "wechat")
        return shop.skus[0], coupon, checkout_id

    return call


def only(world, kind):
    (found,) = [delivery for delivery in world.in_transit if isinstance(delivery.sealed.body, kind)]
    return found


def until(world, kind):
    """Deliver everything but this command, which then is in transit."""
    while not any(isinstance(delivery.sealed.body, kind) for delivery in world.in_transit):
        world.deliver_one(world.messages()[0])
        world.call_provider()
    return only(world, kind)


def executed_without_reply(world, do, *, late=False):
    """Its replies are lost, or arrive late."""
    before = list(world.in_transit)
    world.deliver_one(do)
    world.call_provider()
    answers = [delivery for delivery in world.messages() if delivery not in before]
    assert answers
    for answer in answers:
        world.in_transit.remove(answer)
    world.kept_back = answers if late else []


CASES = {
    "the command is lost": lambda world, do: world.in_transit.remove(do),
    "the command is executed and its reply lost": executed_without_reply,
    "the command is executed and its reply late": lambda world, do: executed_without_reply(world, do, late=True),
    "the command arrives after its undo": lambda world, do: None,
}


def the_timer_fires(world):
    """The timer of the current step fires."""
    world.deliver_one(world.messages(timers=True)[-1])


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", STEPS)
def test_sg_06_the_undo_of_a_step_without_a_reply_leaves_nothing_behind(world, place, name, case):
    kind, undo = STEPS[name]
    sku_id, coupon, checkout_id = place()
    do, world.kept_back = until(world, kind), []
    CASES[case](world, do)
    the_timer_fires(world)
    undoing = only(world, undo)
    if do in world.in_transit:
        world.deliver_one(undoing)
    deliver_the_rest(world)
    for answer in world.kept_back:  # SG-8
        world.in_transit.append(answer)
    deliver_the_rest(world)
    assert outcome(world, checkout_id) == ("undone", "cancelled")
    assert nothing_is_held(world, sku_id, coupon, checkout_id)


def test_sg_08_a_reply_after_the_deadline_moves_nothing_and_its_effect_is_undone(world, place):
    _, _, checkout_id = place()
    do, world.kept_back = until(world, catalog.ReserveStock), []
    executed_without_reply(world, do, late=True)
    the_timer_fires(world)
    before = saga(world, checkout_id)
    assert before["status"] == "undoing"
    world.in_transit += world.kept_back
    for answer in world.kept_back:
        world.deliver_one(answer)
    assert saga(world, checkout_id) == before
    assert only(world, catalog.ReleaseStock)


def deliver_the_rest(world):
    for _ in range(3):
        world.deliver_all()
        world.call_provider()


def saga(world, checkout_id):
    query = "SELECT * FROM saga WHERE business_key = :key"
    (row,) = world.rows("orders", query, key=checkout_id)
    return row


def outcome(world, checkout_id):
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
