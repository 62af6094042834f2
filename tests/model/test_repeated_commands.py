"""A command sent five times gets five replies and publishes its event once; for every command of every service.

The services run in memory; test_memory_matches_the_databases.py compares their repositories with the databases.
"""

from dataclasses import dataclass, field, replace

import pytest

from services.payments.tests import builders
from shared.contracts import catalog, marketing, payments
from shared.contracts.erasure import EraseData
from shared.contracts.payments import Method, Standing
from shared.ids import new_id
from shared.messages import Command, message_types, owner
from shared.money import Money
from shared.testing import envelope
from tests.model import reports
from tests.model.memory.people import OPENING, People
from tests.model.memory.world import Delivery, World
from tests.model.reports import bare

TIMES = 5


@dataclass
class RecordingWorld(World):
    """Records all published messages, also those without a consumer here."""

    published_here: list = field(default_factory=list)

    def _post(self, source, published):
        self.published_here.append(published)
        super()._post(source, published)

    def send(self, command):
        """Send a command with a new message id, and let the provider do what follows from it."""
        self._handle(Delivery(owner(command.topic), envelope(command)))
        self.call_provider()
        for number, refund in list(self.wechat.refunds.items()):
            if refund.state == "processing":
                self.report(self.wechat.let_arrive(number))

    def report(self, notification):
        reports.accept(self.open["payments"], self.wechat.notifications[notification[1]])

    def pay(self, command):
        """The buyer pays; returns the provider's notification, not delivered yet."""
        (payment,) = [one for one in self.rows("payments", "payments") if one.payment_id == command.payment_id]
        return self.wechat.pay(payment.attempt_id.hex)

    def events(self, *kinds):
        return [
            one.message for one in self.published_here if isinstance(one.message, kinds) and not one.in_reply_to
        ]

    def replies(self, *kinds):
        return [one.message for one in self.published_here if isinstance(one.message, kinds) and one.in_reply_to]


@pytest.fixture
def world():
    return RecordingWorld()


def reserve(sku_id, units=1):
    line = catalog.StockLine(order_id=new_id(), sku_id=sku_id, quantity=units)
    return catalog.ReserveStock(checkout_id=new_id(), lines=(line,))


def committed(of):
    return catalog.CommitStock(checkout_id=of.checkout_id)


def restock(of):
    line = of.lines[0]
    about = {"refund_id": new_id(), "order_id": line.order_id, "checkout_id": of.checkout_id}
    return catalog.Restock(**about, lines=of.lines)


def hold(people, coupon_id=None):
    about = {"checkout_id": new_id(), "buyer_id": people.shoppers[0]}
    wanted = marketing.CouponBenefit(coupon_id=coupon_id or people.coupons[0])
    return marketing.HoldBenefits(**about, benefits=(wanted,))


def paths(people):
    """The commands before a command, and the command; None before it: the shopper pays."""
    stock, coupon, opening = reserve(people.skus[0]), hold(people), builders.open_payment()
    of_stock, of_coupon = {"checkout_id": stock.checkout_id}, {"checkout_id": coupon.checkout_id}
    redeem = marketing.RedeemBenefits(**of_coupon)
    on_delivery = builders.cash_on_delivery()
    return {
        "ReserveStock": ([], stock),
        "ReserveStock, refused": ([], reserve(people.skus[0], OPENING + 1)),
        "ReleaseStock": ([stock], catalog.ReleaseStock(**of_stock)),
        "ReleaseStock, of nothing": ([], catalog.ReleaseStock(checkout_id=new_id())),
        "CommitStock": ([stock], committed(stock)),
        "Restock": ([stock, committed(stock)], restock(stock)),
        "HoldBenefits": ([], coupon),
        "HoldBenefits, refused": ([], hold(people, new_id())),
        "ReleaseBenefits": ([coupon], marketing.ReleaseBenefits(**of_coupon)),
        "RedeemBenefits": ([coupon], redeem),
        "RestoreBenefits": ([coupon, redeem], marketing.RestoreBenefits(**of_coupon)),
        "OpenPayment": ([], opening),
        "OpenPayment, on delivery": ([], on_delivery),
        "OpenPayment, of nothing": ([], builders.open_payment(builders.part(Money(0)), method=Method.NOTHING)),
        "OpenPayment, refused": ([], replace(opening, amount=Money(1))),
        "CancelPayment": ([opening], builders.cancel_payment(opening)),
        "CancelPayment, of nothing": ([], builders.cancel_payment(builders.open_payment())),
        "CancelPayment, on delivery": ([on_delivery], builders.cancel_payment(on_delivery)),
        "RefundPayment": ([opening, None], builders.refund_payment(opening)),
        "RefundPayment, refused": ([opening, None], builders.refund_payment(opening, Money(10**6))),
    }


NAMES = list(paths(People(World())))


def test_every_command_with_a_reply_is_tested():
    answered = {one for one in message_types() if issubclass(one, Command) and one.yes}
    published_here = {one for one in answered if one.__module__.startswith("shared.contracts.")}
    # An erasure is only replied to and no event, and the number of rows differs: services/*/tests, erasing.
    contracts = {one.__name__ for one in published_here if not issubclass(one, EraseData)}
    assert {name.partition(",")[0] for name in NAMES} == contracts


@pytest.mark.parametrize("name", NAMES)
def test_a_command_sent_five_times_gets_five_replies_and_one_event(world, name):
    before, command = paths(People(world))[name]
    for earlier in before:
        world.send(earlier) if earlier else world.report(world.pay(before[0]))
    world.published_here.clear()
    for _ in range(TIMES):
        world.send(command)
    answers = type(command).yes + type(command).no
    (event,) = world.events(*answers)
    assert world.replies(*answers) == [bare(event)] * TIMES


def out_of_order(people):
    """The commands before a command that must be refused, and the command."""
    stock, coupon = reserve(people.skus[0]), hold(people)
    of_coupon = {"checkout_id": coupon.checkout_id}
    redeem = marketing.RedeemBenefits(**of_coupon)
    return {
        "CommitStock": ([], committed(stock)),
        "Restock": ([stock], restock(stock)),
        "RedeemBenefits": ([], redeem),
        "RestoreBenefits": ([coupon], marketing.RestoreBenefits(**of_coupon)),
        "ReleaseBenefits": ([coupon, redeem], marketing.ReleaseBenefits(**of_coupon)),
    }


@pytest.mark.parametrize("name", out_of_order(People(World())))
def test_a_command_out_of_order_is_refused_each_time_without_an_event(world, name):
    before, command = out_of_order(People(world))[name]
    for earlier in before:
        world.send(earlier)
    world.published_here.clear()
    for _ in range(TIMES):
        world.send(command)
    answers = world.replies(*type(command).no)
    assert len(answers) == TIMES
    assert len(set(answers)) == 1
    assert not world.events(*type(command).yes, *type(command).no)


def test_a_refund_requested_five_times_arrives_once(world):
    opening = builders.open_payment()
    world.send(opening)
    world.report(world.pay(opening))
    refund = builders.refund_payment(opening)
    for _ in range(TIMES):
        world.send(refund)
    assert [event.refund_id for event in world.events(payments.PaymentRefunded)] == [refund.refund_id]


def test_a_payment_during_a_cancellation_is_one_event_and_a_reply(world):
    opening = builders.open_payment()
    world.send(opening)
    notification = world.pay(opening)
    world._handle(Delivery("payments", envelope(builders.cancel_payment(opening))))
    world.report(notification)
    world.report(notification)
    world.call_provider()
    (event,) = world.events(payments.PaymentCaptured)
    assert event.standing is Standing.KEPT
    assert world.replies(payments.PaymentCaptured) == [bare(event)]


def test_a_reply_goes_only_to_the_sender_of_the_command(world):
    command = reserve(People(world).skus[0])
    world._handle(Delivery("catalog", replace(envelope(command), source="orders")))
    world._handle(Delivery("catalog", replace(envelope(command), source="another")))
    assert [delivery.receiver for delivery in world.messages()] == ["orders"]
    assert [one.requester for one in world.published_here if one.in_reply_to] == ["orders", "another"]
