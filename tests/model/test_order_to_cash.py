"""The whole shop with unreliable messaging: users and provider act at random, in any order.

At the end stock, money, ledger and coupons add up. `MODEL_EXAMPLES=2000` tests more.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from shared.errors import Refusal
from shared.ids import new_id
from shared.testing.lengths import lasting
from tests.model import equations, people

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", lasting(30, long=2000)))
# A failing scenario is reported unshortened: to shorten one takes minutes. MODEL_SHRINK=1 does.
PHASES = tuple(Phase) if os.environ.get("MODEL_SHRINK") else (Phase.explicit, Phase.reuse, Phase.generate)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
QUANTITIES = st.lists(st.integers(0, 4), min_size=3, max_size=3)
METHODS = st.sampled_from(["wechat", "wechat", "cash_on_delivery"])
PURCHASE = st.tuples(st.integers(0, 1), QUANTITIES, METHODS, st.booleans())
STEPS = st.sampled_from([0, 1, 2, 2, 3, 4])
CRASH = st.sampled_from([None] * 6 + [1, 3, 6, 99])  # at this statement, or after the commit
SELDOM = st.sampled_from([False, False, True])


class Shopping(RuleBasedStateMachine):
    """Each rule is an action of a user, or an event of a message."""

    world = None  # the test sets it

    @initialize(purchases=st.lists(st.tuples(PURCHASE, STEPS), max_size=2))
    def open_two_shops(self, purchases):
        self.world.reset()
        self.shops = [people.a_shop(self.world, 101, 0), people.a_shop(self.world, 4990)]
        self.skus = [sku_id for shop in self.shops for sku_id in shop.skus]
        campaign_id = people.a_campaign(self.world, self.shops[0])
        self.shoppers = [people.a_shopper(), people.a_shopper()]
        self.coupons = [
            self.world.call("marketing", "claim_coupon", shopper, campaign_id=campaign_id)["coupon_id"]
            for shopper in self.shoppers
        ]
        self.checkouts, self.orders, self.refunds, self.parcels, self.reports = [], [], [], [], []
        for purchase in purchases:
            self.buy_undisturbed(*purchase)

    # actions of users

    @rule(purchase=PURCHASE)
    def check_out(self, purchase):
        self._check_out(*purchase)

    def _check_out(self, who, quantities, method, coupon):
        basket = [(sku_id, n) for sku_id, n in zip(self.skus, quantities, strict=True) if n]
        with_coupon = [self.coupons[who]] if coupon and quantities[0] else []
        if basket:
            self._place(self.shoppers[who], basket, with_coupon, method)

    @rule(purchase=PURCHASE, steps=STEPS)
    def buy_undisturbed(self, purchase, steps):
        before = len(self.orders)
        self._check_out(*purchase)
        self.everything_is_processed()
        for number in [n for n, payment in self.world.wechat.payments.items() if payment.state == "open"]:
            self._report(self.world.wechat.pay(number))
        self.everything_is_processed()
        for _, order in self.orders[before:]:
            self._fulfil(order, steps)

    def _fulfil(self, order, steps):
        """The merchant accepts, ships one unit, ships the rest, the carrier delivers: the first of these steps."""
        one = [{"line_id": order["lines"][0]["line_id"], "quantity": 1}]
        if steps > 0:
            self._try("accept_order", self._merchant(order), order_id=order["order_id"])
        numbers = [self._send(order, lines) for lines in (one, [])[: max(steps - 1, 0)]]
        for number in numbers if steps > 3 else ():
            if number:
                people.carrier_delivers(self.world, number)

    def _send(self, order, lines):
        number = str(new_id())
        wanted = {
            "order_id": order["order_id"],
            "carrier": "sf-express",
            "tracking_number": number,
            "lines": lines,
        }
        if self._try("ship_order", self._merchant(order), **wanted) is None:
            return None
        self.parcels.append(number)
        return number

    def _place(self, shopper, basket, coupons, method):
        try:
            checkout_id = people.buy(self.world, shopper, basket, coupons, method)
        except Refusal:
            return
        self.checkouts.append((shopper, checkout_id))
        placed = self.world.call("orders", "get_checkout", shopper, checkout_id=checkout_id)
        self.orders += [(shopper, order) for order in placed["orders"]]

    @precondition(lambda self: self.checkouts)
    @rule(data=st.data(), is_wanted=SELDOM)
    def cancel_a_checkout(self, data, is_wanted):
        shopper, checkout_id = data.draw(st.sampled_from(self.checkouts))
        if is_wanted:
            self._try("cancel_checkout", shopper, checkout_id=checkout_id)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), is_wanted=SELDOM)
    def cancel_an_order(self, data, is_wanted):
        shopper, order = self._an_order(data, "confirmed")
        if is_wanted:
            self._try("cancel_order", shopper, order_id=order["order_id"], reason_text="不要了")

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), wanted=st.sampled_from(["accept_order"] * 4 + ["refuse_order"]))
    def accept_or_refuse_an_order(self, data, wanted):
        _, order = self._an_order(data, "confirmed", "preparing")
        self._try(wanted, self._merchant(order), order_id=order["order_id"], reason_text="缺货")

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), whole=st.booleans())
    def send_a_parcel(self, data, whole):
        _, order = self._an_order(data, "preparing")
        self._send(order, [] if whole else self._some(data, order))

    @precondition(lambda self: self.parcels)
    @rule(data=st.data())
    def a_parcel_arrives(self, data):
        people.carrier_delivers(self.world, data.draw(st.sampled_from(self.parcels)))

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), whole=st.booleans(), granted=st.booleans())
    def request_a_refund(self, data, whole, granted):
        shopper, order = self._an_order(data, "preparing", "shipped", "delivered")
        wanted = {"whole": True} if whole else {"lines": self._some(data, order)}
        about = {"order_id": order["order_id"], "reason_text": "破了", "idempotency_key": str(new_id())}
        if requested := self._try("request_refund", shopper, **about, **wanted):
            self.refunds.append((order, requested["refund_id"]))
            if granted:
                self._try("approve_refund", self._merchant(order), refund_id=requested["refund_id"])

    @precondition(lambda self: self.refunds)
    @rule(data=st.data(), grant=st.sampled_from(["approve_refund", "approve_refund", "refuse_refund"]))
    def decide_on_a_refund(self, data, grant):
        order, refund_id = data.draw(st.sampled_from(self.refunds))
        self._try(grant, self._merchant(order), refund_id=refund_id)

    # payments and refunds

    @precondition(lambda self: self.world.wechat.payments)
    @rule(data=st.data(), times=st.integers(0, 2))
    def a_shopper_pays(self, data, times):
        unpaid = [number for number, p in self.world.wechat.payments.items() if p.state in ("open", "closed")]
        if unpaid:
            notification = self.world.wechat.pay(data.draw(st.sampled_from(unpaid)))
            self.reports.append(notification)
            for _ in range(times):
                self._report(notification)

    @rule(call=st.sampled_from(["open", "close", "query", "refund"]), done=st.booleans())
    def the_provider_does_not_answer(self, call, done):
        self.world.wechat.time_out(call, done=done)

    @rule(minutes=st.sampled_from([0, 0, 1, 31]))
    def payments_calls_the_provider(self, minutes):
        self.world.ahead += timedelta(minutes=minutes)
        self.world.call_provider()

    @rule(closed=SELDOM)
    def refunds_arrive(self, closed):
        """Or the provider closes them, and they are sent under a new number."""
        for number, refund in list(self.world.wechat.refunds.items()):
            if refund.state == "processing":
                self.world.wechat.plan_refund(refund.out_trade_no, "close" if closed else "succeed")
                self._report(self.world.wechat.let_arrive(number))

    # messages

    @precondition(lambda self: self.world.messages())
    @rule(data=st.data(), keep=st.booleans(), late=st.sampled_from([False] * 5 + [True]), crash=CRASH)
    def a_message_is_delivered(self, data, keep, late, crash):
        delivery = data.draw(st.sampled_from(self.world.messages()))
        if late and delivery.sealed.body.kind == "command":
            delivery.sealed = replace(delivery.sealed, not_after=LONG_AGO)
        self.world.deliver_one(delivery, keep=keep, crash=crash)

    @precondition(lambda self: self.world.messages())
    @rule(twice=st.booleans())
    def all_messages_are_delivered(self, twice):
        for delivery in self.world.messages():
            self.world.deliver_one(delivery, keep=twice)

    @rule()
    def everything_is_processed(self):
        self.world.deliver_all()
        self.world.call_provider()
        self.world.deliver_all()

    @precondition(lambda self: self.world.messages(timers=True))
    @rule(data=st.data())
    def a_timer_fires(self, data):
        self.world.deliver_one(data.draw(st.sampled_from(self.world.messages(timers=True))))

    # the end

    def teardown(self):
        if hasattr(self, "checkouts"):
            for notification in self.reports:  # the provider repeats its notifications
                self._report(notification)
            self._process_everything()
            records = equations.OrderRecords(self.world, self.shoppers)
            equations.every_path_has_ended(records)
            equations.replaying_gives_the_stored_sagas(records)
            equations.stock_adds_up(records, self.skus)
            equations.money_adds_up(records)
            equations.the_provider_agrees_with_the_ledger(records, self.world.wechat)
            equations.coupons_add_up(records, self.coupons)
            equations.order_states_match_the_parcels(records)
            equations.the_auditor_finds_nothing(self.world)

    def _process_everything(self):
        self.world.wechat._timeouts.clear()
        for _ in range(40):
            self.everything_is_processed()
            self.refunds_arrive(closed=False)
            self.world.deliver_all()
            if not self.world.in_transit and not self._has_open_refunds():
                return
            self.world.ahead += timedelta(minutes=31)
            for delivery in self.world.messages(timers=True):
                self.world.deliver_one(delivery)
        raise AssertionError(f"it does not end: {self.world.in_transit}")

    def _has_open_refunds(self):
        return self.world.rows("payments", "SELECT FROM refunds WHERE state IN ('requested', 'processing')")

    def _an_order(self, data, *states):
        """One of the orders, preferably one in these states."""
        rows = self.world.rows("orders", "SELECT order_id::text FROM orders WHERE state = ANY(:s)", s=list(states))
        able = {row["order_id"] for row in rows}
        known = [one for one in self.orders if one[1]["order_id"] in able]
        return data.draw(st.sampled_from(known or self.orders))

    def _some(self, data, order):
        line = data.draw(st.sampled_from(order["lines"]))
        return [{"line_id": line["line_id"], "quantity": data.draw(st.integers(1, line["quantity"]))}]

    def _merchant(self, order):
        return next(shop.merchant for shop in self.shops if str(shop.shop_id) == order["shop_id"])

    def _try(self, method, caller, **request):
        """Call orders; None if it refuses. Other errors are raised."""
        try:
            return self.world.call("orders", method, caller, **request)
        except Refusal:
            return None

    def _report(self, notification):
        headers, body = notification
        self.world.call(
            "payments", "receive_provider_notification", None, provider="wechat", headers=headers, body=body
        )


def test_sg_21_stock_money_ledger_and_coupons_add_up_after_any_events(world):
    Shopping.world = world
    rules = settings(
        max_examples=EXAMPLES,
        stateful_step_count=20,
        deadline=None,
        phases=PHASES,
        suppress_health_check=list(HealthCheck),  # each step writes to four databases
    )
    run_state_machine_as_test(Shopping, settings=rules)
