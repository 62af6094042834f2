"""SG-21: all sagas of the shop among forgetful messengers, thousands of stories in memory.

Messages come doubled, late and in any order; processes die at any write and after the commit; clocks run out
at any moment; the provider is late, silent, or tells twice; people do what they like. In the end every saga
has ended, and stock, money, books and coupons add up.
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
from tests.model.memory.telling import Telling, pick, seen
from tests.model.memory.world import World, later

# A story that fails is told as it is; MODEL_SHRINK=1 looks for a shorter one.
PHASES = tuple(Phase) if os.environ.get("MODEL_SHRINK") else (Phase.explicit, Phase.reuse, Phase.generate)
EXAMPLES = lasting(2000, long=100_000)
STEPS = 20
PICK = st.integers(0, 999)  # which of those that are there
QUANTITIES = st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 2))
METHODS = st.sampled_from([Method.WECHAT, Method.WECHAT, Method.CASH_ON_DELIVERY])
PURCHASE = st.tuples(st.integers(0, 1), QUANTITIES, METHODS, st.booleans())
CRASH = st.sampled_from([None, None, None, None, 0, 1, 2, 3, 5, 8, 99])
ENOUGH = 8  # how often a clock rings for one question: that an undo gives up after twelve is a matter of hours
PLOTS = (
    "orders.checkout done",
    "orders.checkout undone",
    "orders.cancel_order done",
    "orders.refund done",
    "turned forward",
    "waited for a lock",
    "tried under a new number",
)


class AnyPath(Telling):
    """Each rule is something that people do, or that happens to a message or to a process."""

    @initialize(purchases=st.lists(st.tuples(PURCHASE, st.integers(0, 4)), min_size=1, max_size=2))
    def open_the_shops(self, purchases):
        self.world = World()
        self.people = People(self.world)
        self.reports, self.lost = [], []
        for purchase, steps in purchases:
            self._buy_without_hindrance(purchase, steps)

    # what people do

    @rule(purchase=PURCHASE, is_quick=st.booleans())
    def somebody_checks_out(self, purchase, is_quick):
        who, quantities, method, coupon = purchase
        self.people.buy(who, quantities, method, coupon=coupon)
        if is_quick:
            self._everything_arrives()

    @rule(purchase=PURCHASE, steps=st.integers(0, 4))
    def somebody_buys_without_hindrance(self, purchase, steps):
        self._buy_without_hindrance(purchase, steps)

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
    @rule(which=PICK, pieces=st.integers(0, 2))
    def a_parcel_is_sent(self, which, pieces):
        attempt(self.people.ships, self._an_order(which, "preparing"), pieces)

    @precondition(lambda self: self.people.parcels)
    @rule(which=PICK)
    def a_parcel_arrives(self, which):
        attempt(self.people.carrier_delivers, pick(self.people.parcels, which))

    @precondition(lambda self: self.people.checkouts)
    @rule(which=PICK, pieces=st.integers(0, 2), granted=st.booleans())
    def money_is_asked_back(self, which, pieces, granted):
        order_id = self._an_order(which, "confirmed", "preparing", "shipped", "delivered")
        if attempt(self.people.wants_money_back, order_id, pieces) and granted:
            attempt(self.people.decides, self.people.refunds[-1], granted=True)

    @precondition(lambda self: self.people.refunds)
    @rule(which=PICK, granted=st.booleans())
    def a_refund_is_decided_on(self, which, granted):
        attempt(self.people.decides, pick(self.people.refunds, which), granted=granted)

    # what happens to money

    @precondition(lambda self: self.world.wechat.payments)
    @rule(which=PICK, told=st.integers(0, 2))
    def somebody_pays(self, which, told):
        self._pay(self._a_payment(which), told)

    @precondition(lambda self: self.world.wechat.payments)
    @rule(which=PICK, told=st.booleans(), is_first=st.booleans())
    def money_races_a_wish_to_cancel(self, which, told, is_first):
        number = self._a_payment(which)
        (paying,) = [
            p for p in self.world.rows("payments", "payments") if p.attempt_id and p.attempt_id.hex == number
        ]
        if is_first:
            self._pay(number, told)
        attempt(self.people.cancels_checkout, paying.checkout_id)
        if not is_first:
            self._pay(number, told)

    @rule(call=st.sampled_from(["open", "close", "query", "refund"]), done=st.booleans(), times=st.integers(1, 3))
    def the_provider_falls_silent(self, call, done, times):
        self.world.wechat.fall_silent(call, done=done, calls=times)

    @rule(minutes=st.sampled_from([0, 0, 1, 31]))
    def payments_asks_the_provider(self, minutes):
        later(self.world, minutes=minutes)
        self.world.call_provider()

    @precondition(lambda self: self.world.wechat.refunds)
    @rule(outcome=st.sampled_from(["succeed", "succeed", "close", "abnormal"]), told=st.integers(0, 2))
    def refunds_arrive(self, outcome, told):
        """Or the provider closes them, or a person has to help there, days later."""
        for number, refund in self.world.wechat.refunds.items():
            if refund.state in (RefundState.PROCESSING, RefundState.ABNORMAL):
                self._settle(number, refund, outcome, told)

    # what happens to messages and processes

    @precondition(lambda self: self.world.letters())
    @rule(which=PICK, keep=st.booleans(), crash=CRASH)
    def a_letter_arrives(self, which, keep, crash):
        self.world.hand_over(pick(self.world.letters(), which), keep=keep, crash=crash)

    @precondition(lambda self: self.world.letters())
    @rule(which=PICK, seconds=st.sampled_from([5, 31, 90]))
    def a_letter_is_late(self, which, seconds):
        later(self.world, seconds=seconds)
        self.world.hand_over(pick(self.world.letters(), which))

    @precondition(lambda self: self.world.letters())
    @rule(which=PICK)
    def a_letter_is_lost_for_a_while(self, which):
        letter = pick(self.world.letters(), which)
        self.world.pile.remove(letter)
        self.lost.append(letter)

    @precondition(lambda self: self.lost)
    @rule()
    def what_was_lost_is_found(self):
        self.world.pile += self.lost
        self.lost = []

    @precondition(lambda self: self.world.letters())
    @rule(twice=st.booleans())
    def the_post_is_quick(self, twice):
        for letter in self.world.letters():
            self.world.hand_over(letter, keep=twice)

    @rule()
    def everything_arrives(self):
        self._everything_arrives()

    @precondition(lambda self: self.world.letters(timers=True))
    @rule(which=PICK, keep=st.booleans())
    def a_clock_runs_out(self, which, keep):
        timer = pick(self.world.letters(timers=True), which)
        saga = self.world.databases["orders"].tables["saga"][timer.sealed.body.saga_id]
        if saga.now.tries < ENOUGH:
            self.world.hand_over(timer, keep=keep)

    # the end

    def teardown(self):
        if not hasattr(self, "people"):
            return
        self.what_was_lost_is_found()
        for report in self.reports:  # the provider goes on until it is heard
            self._report(report)
        self._let_everything_happen()
        equations.every_saga_has_ended(self.world)
        equations.replaying_gives_what_is_stored(self.world)
        equations.undone_in_reverse_order_once(self.world)
        equations.stock_adds_up(self.world, self.people)
        equations.money_adds_up(self.world)
        equations.books_agree_with_the_provider(self.world)
        equations.coupons_add_up(self.world)
        self._count()


def test_sg_21_stock_money_books_and_coupons_add_up_and_every_saga_ends_whatever_happens():
    seen.clear()
    rules = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        print_blob=True,
        phases=PHASES,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(AnyPath, settings=rules)
    observe.log.info("stories told", **seen)
    for plot in PLOTS:
        assert seen[plot] > EXAMPLES / 1000, f"hardly a story tells of {plot}: {seen}"
