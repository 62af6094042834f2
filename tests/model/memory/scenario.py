"""The base of the scenarios in memory: actions of users and provider, and the processing of everything left."""

from collections import Counter

from hypothesis.stateful import RuleBasedStateMachine

from payments.providers.interface import PaymentState, RefundState
from shared.sagas.instance import ENDED, Status
from tests.model import reports
from tests.model.memory.people import People, attempt
from tests.model.memory.world import World, later

seen: Counter = Counter()  # what the scenarios covered, over all examples


class Scenario(RuleBasedStateMachine):
    """A world, its users, the provider's notifications, the messages that are lost for a while."""

    world: World
    people: People
    reports: list
    lost: list

    def _process_everything(self):
        self.world.wechat._timeouts.clear()
        for _ in range(60):
            self._process_messages()
            for number, refund in self.world.wechat.refunds.items():
                if refund.state in (RefundState.PROCESSING, RefundState.ABNORMAL):
                    self._settle(number, refund, "succeed", 1)
            self._nothing_is_stuck()
            self.world.deliver_all()
            if not self.world.in_transit and not self._has_open_refunds():
                return
            later(self.world, minutes=31)
            for delivery in self.world.messages(timers=True):
                self.world.deliver_one(delivery)
        raise AssertionError(f"it does not end: {self.world.in_transit}")

    def _has_open_refunds(self):
        return any(not refund.decided for refund in self.world.rows("payments", "refunds"))

    def _nothing_is_stuck(self):
        """However the provider decides on a refund, the amount stays due, and no saga waits for it."""
        for found in self.world.rows("orders", "saga"):
            assert found.now.status is not Status.STUCK, found

    def _process_messages(self):
        self.world.deliver_all()
        self.world.call_provider()
        self.world.deliver_all()

    def _buy_undisturbed(self, purchase, steps):
        """Buy and pay; the merchant does this many steps: accept, send one unit, send the rest, deliver all."""
        who, quantities, method, coupon = purchase
        before = len(self.people.orders)
        self.people.buy(who, quantities, method, coupon=coupon)
        self._process_messages()
        for number in [
            n for n, payment in self.world.wechat.payments.items() if payment.state is PaymentState.OPEN
        ]:
            self._report(self.world.wechat.pay(number))
        self._process_messages()
        for order_id in self.people.orders[before:]:
            acts = [("accepts", order_id), ("ships", order_id, 1), ("ships", order_id, 0)]
            for name, *known in acts[:steps]:
                attempt(getattr(self.people, name), *known)
        for number in self.people.parcels if steps > 3 else ():
            attempt(self.people.carrier_delivers, number)

    def _an_order(self, which, *states):
        """One of the orders, preferably one in these states."""
        orders = self.world.rows("orders", "orders")
        able = [order.order_id for order in orders if order.state in states]
        return pick(able or self.people.orders, which)

    def _a_payment(self, which):
        """One of the payments, preferably an open one."""
        payments = self.world.wechat.payments
        return pick([n for n, p in payments.items() if p.state is PaymentState.OPEN] or [*payments], which)

    def _pay(self, number, times):
        """Pay in time or late, but only once."""
        if self.world.wechat.payments[number].state in (PaymentState.OPEN, PaymentState.CLOSED):
            report = self.world.wechat.pay(number)
            self.reports.append(report)
            for _ in range(times):
                self._report(report)

    def _settle(self, number, refund, outcome, times):
        self.world.wechat.plan_refund(refund.out_trade_no, outcome)
        report = self.world.wechat.let_arrive(number)
        self.reports.append(report)
        for _ in range(times):
            self._report(report)

    def _report(self, report):
        reports.accept(self.world.open["payments"], self.world.wechat.notifications[report[1]])

    def _count(self):
        """Count what this scenario covered."""
        seen["scenarios"] += 1
        attempts = self.world.rows("payments", "refund_attempts")
        seen["sent under a new number"] += any(attempt.position > 1 for attempt in attempts)
        seen["messages"] += self.world.delivered
        for found in self.world.rows("orders", "saga"):
            assert found.now.status in ENDED
            seen[f"{found.name} {found.now.status}"] += 1
        for row in self.world.rows("orders", "transition"):
            turned = (row["from_status"], row["to_status"]) == (Status.UNDOING, Status.RUNNING)
            seen["turned forward"] += turned
            seen["waited for a lock"] += (row["from_status"], row["input"]["kind"]) == (
                Status.WAITING,
                "timer_fired",
            ) and bool(row["cause_id"])


def pick(options, which):
    return options[which % len(options)]
