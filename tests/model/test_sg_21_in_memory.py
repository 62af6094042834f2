"""SG-21: all sagas of the shop with unreliable messaging, in thousands of scenarios in memory.

Messages arrive repeated, late and in any order; processes die at any write and after the commit; timers fire at
any time; the provider is late, does not answer, or notifies twice; users act at random. At the end every saga has
ended, and stock, money, ledger and coupons add up.
"""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from payments.providers.interface import RefundState
from shared import observe
from shared.contracts.payments import Method
from shared.testing.lengths import lasting
from tests.model.memory import equations
from tests.model.memory.people import People, attempt
from tests.model.memory.scenario import Scenario, pick, seen
from tests.model.memory.world import World, later

# A failing scenario is reported unshortened; MODEL_SHRINK=1 shortens it.
PHASES = tuple(Phase) if os.environ.get("MODEL_SHRINK") else (Phase.explicit, Phase.reuse, Phase.generate)
EXAMPLES = lasting(1000, long=100_000)
STEPS = 20
PICK = st.integers(0, 999)  # one of the available ones
QUANTITIES = st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 2))
METHODS = st.sampled_from([Method.WECHAT, Method.WECHAT, Method.CASH_ON_DELIVERY])
PURCHASE = st.tuples(st.integers(0, 1), QUANTITIES, METHODS, st.booleans())
CRASH = st.sampled_from([None, None, None, None, 0, 1, 2, 3, 5, 8, 99])
MOST_TIMER_TRIES = 8  # how often a timer fires for one command: an undo gives up after twelve, which takes hours
OUTCOMES = (
    "orders.checkout done",
    "orders.checkout undone",
    "orders.cancel_order done",
    "orders.refund done",
    "turned forward",
    "waited for a lock",
    "sent under a new number",
)


class RandomScenario(Scenario):
    """Each rule is an action of a user, or an event of a message or a process."""

    @initialize(purchases=st.lists(st.tuples(PURCHASE, st.integers(0, 4)), min_size=1, max_size=2))
    def open_the_shops(self, purchases):
        self.world = World()
        self.people = People(self.world)
        self.reports, self.lost = [], []
        for purchase, steps in purchases:
            self._buy_undisturbed(purchase, steps)

    # actions of users

    @rule(purchase=PURCHASE, is_quick=st.booleans())
    def a_shopper_checks_out(self, purchase, is_quick):
        who, quantities, method, coupon = purchase
        self.people.buy(who, quantities, method, coupon=coupon)
        if is_quick:
            self._process_messages()

    @rule(purchase=PURCHASE, steps=st.integers(0, 4))
    def a_shopper_buys_undisturbed(self, purchase, steps):
        self._buy_undisturbed(purchase, steps)

    @precondition(lambda self: self.people.checkouts)
    @rule(which=PICK)
    def a_checkout_is_cancelled(self, which):
        attempt(self.people.cancels_checkout, pick(self.people.checkouts, which))

    @precondition(lambda self: self.people.checkouts)
    @rule(which=PICK, what=st.sampled_from(["cancels", "cancels", "accepts", "accepts", "refuses"]))
    def an_order_is_handled(self, which, what):
        states = ("confirmed",) if what == "cancels" else ("confirmed", "preparing")
        attempt(getattr(self.people, what), self._an_order(which, *states))

    @precondition(lambda self: self.people.checkouts)
    @rule(which=PICK, units=st.integers(0, 2))
    def a_parcel_is_sent(self, which, units):
        attempt(self.people.ships, self._an_order(which, "preparing"), units)

    @precondition(lambda self: self.people.parcels)
    @rule(which=PICK)
    def a_parcel_is_delivered(self, which):
        attempt(self.people.carrier_delivers, pick(self.people.parcels, which))

    @precondition(lambda self: self.people.checkouts)
    @rule(which=PICK, units=st.integers(0, 2), granted=st.booleans())
    def a_refund_is_requested(self, which, units, granted):
        order_id = self._an_order(which, "confirmed", "preparing", "shipped", "delivered")
        if attempt(self.people.requests_refund, order_id, units) and granted:
            attempt(self.people.decides, self.people.refunds[-1], granted=True)

    @precondition(lambda self: self.people.refunds)
    @rule(which=PICK, granted=st.booleans())
    def a_refund_is_decided_on(self, which, granted):
        attempt(self.people.decides, pick(self.people.refunds, which), granted=granted)

    # payments and refunds

    @precondition(lambda self: self.world.wechat.payments)
    @rule(which=PICK, times_notified=st.integers(0, 2))
    def a_shopper_pays(self, which, times_notified):
        self._pay(self._a_payment(which), times_notified)

    @precondition(lambda self: self.world.wechat.payments)
    @rule(which=PICK, times_notified=st.booleans(), is_first=st.booleans())
    def a_payment_races_a_cancellation(self, which, times_notified, is_first):
        number = self._a_payment(which)
        (paying,) = [
            p for p in self.world.rows("payments", "payments") if p.attempt_id and p.attempt_id.hex == number
        ]
        if is_first:
            self._pay(number, times_notified)
        attempt(self.people.cancels_checkout, paying.checkout_id)
        if not is_first:
            self._pay(number, times_notified)

    @rule(call=st.sampled_from(["open", "close", "query", "refund"]), done=st.booleans(), times=st.integers(1, 3))
    def the_provider_does_not_answer(self, call, done, times):
        self.world.wechat.time_out(call, done=done, calls=times)

    @rule(minutes=st.sampled_from([0, 0, 1, 31]))
    def payments_calls_the_provider(self, minutes):
        later(self.world, minutes=minutes)
        self.world.call_provider()

    @precondition(lambda self: self.world.wechat.refunds)
    @rule(outcome=st.sampled_from(["succeed", "succeed", "close", "abnormal"]), times_notified=st.integers(0, 2))
    def refunds_arrive(self, outcome, times_notified):
        """Or the provider closes them, or they need an operator, days later."""
        for number, refund in self.world.wechat.refunds.items():
            if refund.state in (RefundState.PROCESSING, RefundState.ABNORMAL):
                self._settle(number, refund, outcome, times_notified)

    # messages and processes

    @precondition(lambda self: self.world.messages())
    @rule(which=PICK, keep=st.booleans(), crash=CRASH)
    def a_message_is_delivered(self, which, keep, crash):
        self.world.deliver_one(pick(self.world.messages(), which), keep=keep, crash=crash)

    @precondition(lambda self: self.world.messages())
    @rule(which=PICK, seconds=st.sampled_from([5, 31, 90]))
    def a_message_is_late(self, which, seconds):
        later(self.world, seconds=seconds)
        self.world.deliver_one(pick(self.world.messages(), which))

    @precondition(lambda self: self.world.messages())
    @rule(which=PICK)
    def a_message_is_lost_for_a_while(self, which):
        delivery = pick(self.world.messages(), which)
        self.world.in_transit.remove(delivery)
        self.lost.append(delivery)

    @precondition(lambda self: self.lost)
    @rule()
    def a_lost_message_is_found(self):
        self.world.in_transit += self.lost
        self.lost = []

    @precondition(lambda self: self.world.messages())
    @rule(twice=st.booleans())
    def all_messages_are_delivered(self, twice):
        for delivery in self.world.messages():
            self.world.deliver_one(delivery, keep=twice)

    @rule()
    def everything_is_processed(self):
        self._process_messages()

    @precondition(lambda self: self.world.messages(timers=True))
    @rule(which=PICK, keep=st.booleans())
    def a_timer_fires(self, which, keep):
        timer = pick(self.world.messages(timers=True), which)
        saga = self.world.databases["orders"].tables["saga"][timer.sealed.body.saga_id]
        if saga.now.tries < MOST_TIMER_TRIES:
            self.world.deliver_one(timer, keep=keep)

    # the end

    def teardown(self):
        if not hasattr(self, "people"):
            return
        self.a_lost_message_is_found()
        for report in self.reports:  # the provider repeats its notifications
            self._report(report)
        self._process_everything()
        equations.every_saga_has_ended(self.world)
        equations.replaying_gives_the_stored_sagas(self.world)
        equations.undone_in_reverse_order_once(self.world)
        equations.stock_adds_up(self.world, self.people)
        equations.money_adds_up(self.world)
        equations.the_ledger_agrees_with_the_provider(self.world)
        equations.coupons_add_up(self.world)
        self._count()


def test_sg_21_stock_money_ledger_and_coupons_add_up_and_every_saga_ends_after_any_events():
    seen.clear()
    rules = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        print_blob=True,
        phases=PHASES,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(RandomScenario, settings=rules)
    observe.log.info("scenarios played", **seen)
    for outcome in OUTCOMES:
        assert seen[outcome] > EXAMPLES / 1000, f"too few scenarios cover {outcome}: {seen}"
