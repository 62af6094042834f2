"""What orders' tests let payments say, payments really says: the same answers and facts to the same commands."""

from collections import Counter

import pytest

from services.orders.tests import peers
from services.payments.tests import builders
from shared.contracts import payments
from shared.money import Money
from shared.testing import deliver, envelope, published
from tests.model.world import SERVICES

METHODS = [payments.Method(each) for each in ("wechat", "cash_on_delivery", "nothing")]


class Till:
    """The real service, and what the peers of orders' tests would have said in its place."""

    def __init__(self, world):
        world.start_anew()
        self.world, self.open = world, world.open["payments"]

    def says(self, *commands):
        """What payments says to this, and all that follows at the provider."""
        before = len(published(self.open))
        for command in commands:
            deliver(SERVICES["payments"][0], self.open, envelope(command))
            self.world.call_provider()
        return [message for message in published(self.open)[before:] if message.topic.startswith("payments.")]

    def pays(self, command):
        with self.open() as work:
            payment = work.payments.find(command.payment_id)
        self.reports(self.world.wechat.pay(payment.attempt_id.hex))

    def refunds_arrive(self):
        before = len(published(self.open))
        for number in list(self.world.wechat.refunds):
            self.reports(self.world.wechat.let_arrive(number))
        return published(self.open)[before:]

    def reports(self, report):
        headers, body = report
        self.world.call(
            "payments", "receive_provider_notification", None, provider="wechat", headers=headers, body=body
        )


@pytest.fixture
def till(world):
    return Till(world)


def kinds(messages):
    return Counter(type(message) for message in messages)


def an_opening(method):
    amount = Money(0) if method is payments.Method.NOTHING else Money(5000)
    return builders.open_payment(builders.part(amount), method=method)


@pytest.mark.parametrize("method", METHODS)
def test_an_opening_is_answered_as_the_peers_answer_it(till, method):
    command = an_opening(method)
    assert kinds(till.says(command)) == kinds([peers.YES[payments.OpenPayment](command)])


def test_a_cancel_is_answered_as_the_peers_answer_it(till):
    opening = an_opening(payments.Method.WECHAT)
    till.says(opening)
    command = builders.cancel_payment(opening)
    assert till.says(command) == [peers.YES[payments.CancelPayment](command)]


def test_a_refund_is_accepted_and_its_arrival_told_once_as_the_peers_tell_it(till):
    opening = an_opening(payments.Method.WECHAT)
    till.says(opening)
    till.pays(opening)
    command = builders.refund_payment(opening, Money(1200))
    assert till.says(command, command) == [peers.refund_accepted(command)]
    assert till.refunds_arrive() == [peers.refunded(command)]


def test_a_refund_that_the_provider_refuses_or_closes_is_accepted_all_the_same(till):
    opening = an_opening(payments.Method.WECHAT)
    till.says(opening)
    till.pays(opening)
    number = next(iter(till.world.wechat.payments))
    till.world.wechat.plan_refund(number, "refuse")
    command = builders.refund_payment(opening, Money(1200))
    assert till.says(command) == [peers.refund_accepted(command)]


def test_a_refund_of_what_was_not_paid_is_refused_as_the_peers_refuse_it(till):
    opening = an_opening(payments.Method.WECHAT)
    till.says(opening)
    command = builders.refund_payment(opening, Money(1200))
    assert till.says(command) == [peers.refund_refused(command)]


def test_a_refund_that_was_refused_is_accepted_when_it_is_asked_for_again_and_nothing_is_in_its_way(till):
    opening = an_opening(payments.Method.WECHAT)
    till.says(opening)
    command = builders.refund_payment(opening, Money(1200))
    assert till.says(command) == [peers.refund_refused(command)]
    till.pays(opening)
    assert {*till.says(command)} == {peers.refund_accepted(command)}
