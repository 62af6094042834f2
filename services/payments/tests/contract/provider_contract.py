"""What payments requires of every provider. A provider that passes these tests can be registered.

A provider's test class inherits ProviderContract and has two fixtures: `provider`, the adapter, and `driver`,
which triggers actions of payer and provider:

    pay(number), pay_late(number)          the payer pays; returns the notification as (headers, body)
    fail(number)                           the payer's attempt to pay fails
    plan_refund(number, outcome)           the next refund will "succeed", "refuse", turn "abnormal" or "close"
    let_arrive(refund_number)              the refund reaches that outcome; returns the notification
    refund_by_hand(number, amount)         a refund is made at the provider; returns the notification
    time_out(method, done=False)           the next call of `method` times out; with `done` it takes effect

`declared` is the provider's Declaration. A provider that refunds also inherits RefundContract, and for partial
refunds PartialRefundContract.
"""

from datetime import UTC, datetime, timedelta

import pytest

from payments.providers.declaration import Declaration
from payments.providers.interface import (
    CloseResult,
    ForgedNotification,
    PaymentState,
    ProviderRefused,
    ProviderSilent,
    RefundState,
)
from payments.providers.model import id_of
from shared.ids import new_id
from shared.money import Money

ARMCHAIR = Money(129900)
SOON = (datetime.now(UTC) + timedelta(minutes=30)).replace(microsecond=0)
ENDS = {"succeed": RefundState.SUCCEEDED, "abnormal": RefundState.ABNORMAL, "close": RefundState.CLOSED}


def opened(provider, number):
    return provider.open(number, "CRUNCHY-ARMCHAIR 一把会响的扶手椅", ARMCHAIR, SOON)


def refunded(provider, number, refund_number, amount=ARMCHAIR):
    return provider.refund(refund_number, number, amount, ARMCHAIR, "弹簧太响")


class ProviderContract:
    """Contract of every provider; to be inherited by a test class."""

    declared: Declaration

    @pytest.fixture
    def number(self):
        return new_id().hex

    @pytest.fixture
    def paid(self, provider, driver, number):
        opened(provider, number)
        driver.pay(number)
        return number

    def test_the_contract_tests_match_the_declared_capabilities(self):
        capabilities = self.declared.capabilities
        assert isinstance(self, RefundContract) is capabilities.refunds
        assert isinstance(self, PartialRefundContract) is capabilities.partial_refunds

    def test_an_opened_payment_is_open_and_returns_the_declared_kind_of_action(self, provider, number):
        assert opened(provider, number).kind in {served.action for served in self.declared.methods}
        payment = provider.query(number)
        assert (payment.state, payment.transaction_id, payment.paid_at) == (PaymentState.OPEN, None, None)

    def test_opening_twice_returns_the_same_action(self, provider, number):
        assert opened(provider, number) == opened(provider, number)

    def test_the_same_number_for_another_amount_is_refused_as_existing(self, provider, number):
        opened(provider, number)
        with pytest.raises(ProviderRefused) as refused:
            provider.open(number, "CRUNCHY-ARMCHAIR 一把会响的扶手椅", Money(1), SOON)
        assert refused.value.is_at_the_provider

    @pytest.mark.parametrize("done", ["pay", "close"])
    def test_opening_a_paid_or_closed_payment_is_refused_as_existing(self, provider, driver, number, done):
        opened(provider, number)
        driver.pay(number) if done == "pay" else provider.close(number)
        with pytest.raises(ProviderRefused) as refused:
            opened(provider, number)
        assert refused.value.is_at_the_provider

    def test_unknown_numbers_are_not_found(self, provider, number):
        assert provider.query(number) is None
        assert provider.query_refund(number) is None
        assert provider.close(number) is CloseResult.ABSENT

    @pytest.mark.parametrize("done", [False, True])
    def test_a_lost_response_to_an_opening_is_a_timeout_and_a_retry_is_safe(self, provider, driver, number, done):
        driver.time_out("open", done=done)
        with pytest.raises(ProviderSilent):
            opened(provider, number)
        assert (provider.query(number) is not None) is done
        assert opened(provider, number) == opened(provider, number)

    def test_a_paid_payment_has_an_amount_and_a_time(self, provider, paid):
        payment = provider.query(paid)
        assert (payment.state, payment.amount) == (PaymentState.PAID, ARMCHAIR)
        assert payment.transaction_id
        assert abs(payment.paid_at - datetime.now(UTC)) < timedelta(minutes=1)

    def test_a_payment_can_be_paid_after_a_failed_attempt(self, provider, driver, number):
        opened(provider, number)
        driver.fail(number)
        assert provider.query(number).state is PaymentState.FAILED
        driver.pay(number)
        assert provider.query(number).state is PaymentState.PAID

    def test_a_closed_payment_may_still_be_paid(self, provider, driver, number):
        opened(provider, number)
        provider.close(number)
        driver.pay_late(number)
        assert provider.query(number).state is PaymentState.PAID

    def test_a_closed_payment_stays_closed(self, provider, number):
        opened(provider, number)
        assert [provider.close(number), provider.close(number)] == [CloseResult.CLOSED, CloseResult.CLOSED]
        assert provider.query(number).state is PaymentState.CLOSED

    def test_closing_a_paid_payment_returns_that_it_is_paid(self, provider, paid):
        assert provider.close(paid) is CloseResult.PAID

    def test_a_lost_response_to_a_close_is_a_timeout(self, provider, driver, number):
        opened(provider, number)
        driver.time_out("close", done=True)
        with pytest.raises(ProviderSilent):
            provider.close(number)
        assert provider.close(number) is CloseResult.CLOSED

    def test_the_notification_of_a_payment_equals_a_query(self, provider, driver, number):
        opened(provider, number)
        notification = provider.read_notification(*driver.pay(number))
        assert notification.id
        assert notification.about == provider.query(number)

    def test_a_changed_notification_is_a_forgery(self, provider, driver, number):
        opened(provider, number)
        headers, body = driver.pay(number)
        with pytest.raises(ForgedNotification):
            provider.read_notification(headers, body.replace("a", "b") + " ")

    def test_an_unsigned_notification_is_a_forgery(self, provider, driver, number):
        opened(provider, number)
        _, body = driver.pay(number)
        with pytest.raises(ForgedNotification):
            provider.read_notification({}, body)


class RefundContract:
    """Contract of a provider that refunds; to be inherited beside ProviderContract."""

    def test_a_refund_arrives(self, provider, driver, paid):
        refund_number = new_id().hex
        driver.plan_refund(paid, "succeed")
        assert refunded(provider, paid, refund_number).state in {RefundState.PROCESSING, RefundState.SUCCEEDED}
        driver.let_arrive(refund_number)
        refund = provider.query_refund(refund_number)
        assert (refund.state, refund.amount, refund.out_trade_no) == (RefundState.SUCCEEDED, ARMCHAIR, paid)
        assert refund.refunded_at
        assert provider.query(paid).state is PaymentState.PAID

    def test_the_same_refund_number_is_refunded_once(self, provider, paid):
        refund_number = new_id().hex
        first, again = (refunded(provider, paid, refund_number) for _ in range(2))
        assert first.refund_id == again.refund_id

    def test_a_lost_response_to_a_refund_is_a_timeout_and_a_retry_is_safe(self, provider, driver, paid):
        refund_number = new_id().hex
        driver.time_out("refund", done=True)
        with pytest.raises(ProviderSilent):
            refunded(provider, paid, refund_number)
        assert refunded(provider, paid, refund_number) == provider.query_refund(refund_number)

    def test_the_provider_may_refuse_a_refund_and_accept_the_same_number_later(self, provider, driver, paid):
        refund_number = new_id().hex
        driver.plan_refund(paid, "refuse")
        with pytest.raises(ProviderRefused) as refused:
            refunded(provider, paid, refund_number)
        assert not refused.value.is_at_the_provider
        assert provider.query_refund(refund_number) is None
        assert refunded(provider, paid, refund_number).amount == ARMCHAIR

    @pytest.mark.parametrize("outcome", ["abnormal", "close"])
    def test_a_refund_may_end_abnormal_or_closed(self, provider, driver, paid, outcome):
        refund_number = new_id().hex
        driver.plan_refund(paid, outcome)
        refunded(provider, paid, refund_number)
        driver.let_arrive(refund_number)
        refund = provider.query_refund(refund_number)
        assert (refund.state, refund.refunded_at) == (ENDS[outcome], None)

    def test_the_amount_of_a_closed_refund_can_be_refunded_again(self, provider, driver, paid):
        refund_number = new_id().hex
        driver.plan_refund(paid, "close")
        refunded(provider, paid, refund_number)
        driver.let_arrive(refund_number)
        assert refunded(provider, paid, new_id().hex).amount == ARMCHAIR

    def test_an_unknown_payment_cannot_be_refunded(self, provider, number):
        with pytest.raises(ProviderRefused):
            refunded(provider, number, new_id().hex)

    def test_the_notification_of_a_refund_equals_a_query(self, provider, driver, paid):
        refund_number = new_id().hex
        driver.plan_refund(paid, "succeed")
        refunded(provider, paid, refund_number)
        notification = provider.read_notification(*driver.let_arrive(refund_number))
        assert notification.about == provider.query_refund(refund_number)


class PartialRefundContract:
    """Contract of a provider that refunds partially; to be inherited beside RefundContract."""

    def test_the_same_number_with_another_amount_is_refused(self, provider, paid):
        refund_number = new_id().hex
        refunded(provider, paid, refund_number, Money(100))
        with pytest.raises(ProviderRefused):
            refunded(provider, paid, refund_number, Money(101))

    def test_refunds_never_exceed_what_was_paid(self, provider, paid):
        refunded(provider, paid, new_id().hex, ARMCHAIR - Money(1))
        with pytest.raises(ProviderRefused):
            refunded(provider, paid, new_id().hex, Money(2))
        assert refunded(provider, paid, new_id().hex, Money(1)).amount == Money(1)

    def test_a_refund_made_by_hand_is_notified_under_a_number_that_is_not_ours(self, provider, driver, paid):
        about = provider.read_notification(*driver.refund_by_hand(paid, Money(100))).about
        assert (about.state, about.out_trade_no, about.amount) == (RefundState.SUCCEEDED, paid, Money(100))
        assert id_of(about.out_refund_no) is None
        assert about == provider.query_refund(about.out_refund_no)
