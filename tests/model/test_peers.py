"""The peers of orders' tests behave like payments: the same replies and events to the same commands."""

from collections import Counter

import pytest

from services.orders.tests import peers
from services.payments.tests import builders
from shared.contracts import payments
from shared.money import Money
from shared.testing import deliver, envelope, published
from tests.model.reports import bare
from tests.model.world import SERVICES

METHODS = [payments.Method(each) for each in ("wechat", "cash_on_delivery", "nothing")]


class Payments:
    """The real service, compared with the peers of orders' tests."""

    def __init__(self, world):
        world.reset()
        self.world, self.open = world, world.open["payments"]

    def send(self, *commands):
        """The replies and events of payments to these commands, with all that follows at the provider."""
        before = len(published(self.open))
        for command in commands:
            deliver(SERVICES["payments"][0], self.open, envelope(command))
            self.world.call_provider()
        sent = [message for message in published(self.open)[before:] if message.topic.startswith("payments.")]
        return list(map(bare, sent))

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
        self.world.call_provider()


@pytest.fixture
def service(world):
    return Payments(world)


def kinds(messages):
    return Counter(type(message) for message in messages)


def an_opening(method):
    amount = Money(0) if method is payments.Method.NOTHING else Money(5000)
    return builders.open_payment(builders.part(amount), method=method)


@pytest.mark.parametrize("method", METHODS)
def test_the_reply_to_an_opening_equals_that_of_the_peers(service, method):
    command = an_opening(method)
    assert kinds(service.send(command)) == kinds([peers.ACCEPTANCES[payments.OpenPayment](command)])


def test_the_reply_to_a_cancel_equals_that_of_the_peers(service):
    opening = an_opening(payments.Method.WECHAT)
    service.send(opening)
    command = builders.cancel_payment(opening)
    assert service.send(command) == [peers.ACCEPTANCES[payments.CancelPayment](command)]


def test_a_refund_is_accepted_and_published_once_when_it_arrives_as_by_the_peers(service):
    opening = an_opening(payments.Method.WECHAT)
    service.send(opening)
    service.pays(opening)
    command = builders.refund_payment(opening, Money(1200))
    assert service.send(command, command) == [peers.refund_accepted(command)]
    assert service.refunds_arrive() == [peers.refunded(command)]


def test_a_refund_that_the_provider_refuses_or_closes_is_accepted_first(service):
    opening = an_opening(payments.Method.WECHAT)
    service.send(opening)
    service.pays(opening)
    number = next(iter(service.world.wechat.payments))
    service.world.wechat.plan_refund(number, "refuse")
    command = builders.refund_payment(opening, Money(1200))
    assert service.send(command) == [peers.refund_accepted(command)]


def test_a_refund_of_an_unpaid_order_is_refused_as_by_the_peers(service):
    opening = an_opening(payments.Method.WECHAT)
    service.send(opening)
    command = builders.refund_payment(opening, Money(1200))
    assert service.send(command) == [peers.refund_refused(command)]


def test_a_refused_refund_is_accepted_when_it_is_requested_again_and_possible(service):
    opening = an_opening(payments.Method.WECHAT)
    service.send(opening)
    command = builders.refund_payment(opening, Money(1200))
    assert service.send(command) == [peers.refund_refused(command)]
    service.pays(opening)
    assert {*service.send(command)} == {peers.refund_accepted(command)}
