"""What payments relies on at every provider. A provider that passes this suite can be registered.

A test module of a provider subclasses ProviderContract and has two fixtures: `provider`, the adapter, and `hand`,
which lets payer and provider do what a test says:

    pay(number), pay_late(number)          the payer pays; returns the notification as (headers, body)
    fail(number)                           the payer tries in vain
    plan_refund(number, outcome)           the next refund will "succeed", "refuse", turn "abnormal" or "close"
    let_arrive(refund_number)              that comes true; returns the notification
    refund_by_hand(number, amount)         somebody refunds it at the provider; returns the notification
    fall_silent(method, done=False)        the next call of `method` gets no answer; with `done` it takes effect

`declared` is the provider's Declaration. One that sends money back inherits RefundContract too, one that sends
parts of it back PartialRefundContract: what a provider cannot do is not expected of it.
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
    """To be inherited by a class of tests."""

    declared: Declaration

    @pytest.fixture
    def number(self):
        return new_id().hex

    @pytest.fixture
    def paid(self, provider, hand, number):
        opened(provider, number)
        hand.pay(number)
        return number

    def test_it_is_held_to_all_that_it_declares(self):
        able = self.declared.capabilities
        assert isinstance(self, RefundContract) is able.refunds
        assert isinstance(self, PartialRefundContract) is able.partial_refunds

    def test_an_opened_payment_is_open_and_tells_the_declared_kind_of_action(self, provider, number):
        assert opened(provider, number).kind in {served.action for served in self.declared.methods}
        payment = provider.query(number)
        assert (payment.state, payment.transaction_id, payment.paid_at) == (PaymentState.OPEN, None, None)

    def test_opening_twice_gives_the_same_action(self, provider, number):
        assert opened(provider, number) == opened(provider, number)

    def test_the_same_number_for_another_amount_is_refused_as_being_there(self, provider, number):
        opened(provider, number)
        with pytest.raises(ProviderRefused) as refused:
            provider.open(number, "CRUNCHY-ARMCHAIR 一把会响的扶手椅", Money(1), SOON)
        assert refused.value.is_at_the_provider

    @pytest.mark.parametrize("done", ["pay", "close"])
    def test_opening_one_that_is_paid_or_closed_is_refused_as_being_there(self, provider, hand, number, done):
        opened(provider, number)
        hand.pay(number) if done == "pay" else provider.close(number)
        with pytest.raises(ProviderRefused) as refused:
            opened(provider, number)
        assert refused.value.is_at_the_provider

    def test_nothing_is_known_of_what_never_arrived(self, provider, number):
        assert provider.query(number) is None
        assert provider.query_refund(number) is None
        assert provider.close(number) is CloseResult.ABSENT

    @pytest.mark.parametrize("done", [False, True])
    def test_a_lost_answer_is_silence_and_asking_again_is_safe(self, provider, hand, number, done):
        hand.fall_silent("open", done=done)
        with pytest.raises(ProviderSilent):
            opened(provider, number)
        assert (provider.query(number) is not None) is done
        assert opened(provider, number) == opened(provider, number)

    def test_a_paid_payment_says_how_much_and_when(self, provider, paid):
        payment = provider.query(paid)
        assert (payment.state, payment.amount) == (PaymentState.PAID, ARMCHAIR)
        assert payment.transaction_id
        assert abs(payment.paid_at - datetime.now(UTC)) < timedelta(minutes=1)

    def test_after_a_failed_try_it_can_still_be_paid(self, provider, hand, number):
        opened(provider, number)
        hand.fail(number)
        assert provider.query(number).state is PaymentState.FAILED
        hand.pay(number)
        assert provider.query(number).state is PaymentState.PAID

    def test_money_may_still_come_for_a_closed_payment(self, provider, hand, number):
        opened(provider, number)
        provider.close(number)
        hand.pay_late(number)
        assert provider.query(number).state is PaymentState.PAID

    def test_a_closed_payment_stays_closed(self, provider, number):
        opened(provider, number)
        assert [provider.close(number), provider.close(number)] == [CloseResult.CLOSED, CloseResult.CLOSED]
        assert provider.query(number).state is PaymentState.CLOSED

    def test_money_that_was_faster_is_told(self, provider, paid):
        assert provider.close(paid) is CloseResult.PAID

    def test_a_lost_answer_of_a_close_is_silence(self, provider, hand, number):
        opened(provider, number)
        hand.fall_silent("close", done=True)
        with pytest.raises(ProviderSilent):
            provider.close(number)
        assert provider.close(number) is CloseResult.CLOSED

    def test_a_payment_is_reported_as_a_query_would_say(self, provider, hand, number):
        opened(provider, number)
        notification = provider.read_notification(*hand.pay(number))
        assert notification.id
        assert notification.about == provider.query(number)

    def test_a_changed_report_is_a_forgery(self, provider, hand, number):
        opened(provider, number)
        headers, body = hand.pay(number)
        with pytest.raises(ForgedNotification):
            provider.read_notification(headers, body.replace("a", "b") + " ")

    def test_an_unsigned_report_is_a_forgery(self, provider, hand, number):
        opened(provider, number)
        _, body = hand.pay(number)
        with pytest.raises(ForgedNotification):
            provider.read_notification({}, body)


class RefundContract:
    """Of a provider that sends money back; to be inherited beside ProviderContract."""

    def test_a_refund_arrives(self, provider, hand, paid):
        refund_number = new_id().hex
        hand.plan_refund(paid, "succeed")
        assert refunded(provider, paid, refund_number).state in {RefundState.PROCESSING, RefundState.SUCCEEDED}
        hand.let_arrive(refund_number)
        refund = provider.query_refund(refund_number)
        assert (refund.state, refund.amount, refund.out_trade_no) == (RefundState.SUCCEEDED, ARMCHAIR, paid)
        assert refund.refunded_at
        assert provider.query(paid).state is PaymentState.PAID

    def test_the_same_number_is_refunded_once(self, provider, paid):
        refund_number = new_id().hex
        first, again = (refunded(provider, paid, refund_number) for _ in range(2))
        assert first.refund_id == again.refund_id

    def test_a_lost_answer_of_a_refund_is_silence_and_asking_again_is_safe(self, provider, hand, paid):
        refund_number = new_id().hex
        hand.fall_silent("refund", done=True)
        with pytest.raises(ProviderSilent):
            refunded(provider, paid, refund_number)
        assert refunded(provider, paid, refund_number) == provider.query_refund(refund_number)

    def test_the_provider_may_refuse_a_refund_and_take_the_same_number_later(self, provider, hand, paid):
        refund_number = new_id().hex
        hand.plan_refund(paid, "refuse")
        with pytest.raises(ProviderRefused) as refused:
            refunded(provider, paid, refund_number)
        assert not refused.value.is_at_the_provider
        assert provider.query_refund(refund_number) is None
        assert refunded(provider, paid, refund_number).amount == ARMCHAIR

    @pytest.mark.parametrize("outcome", ["abnormal", "close"])
    def test_a_refund_may_end_badly(self, provider, hand, paid, outcome):
        refund_number = new_id().hex
        hand.plan_refund(paid, outcome)
        refunded(provider, paid, refund_number)
        hand.let_arrive(refund_number)
        refund = provider.query_refund(refund_number)
        assert (refund.state, refund.refunded_at) == (ENDS[outcome], None)

    def test_a_closed_refund_leaves_its_money_to_be_refunded_again(self, provider, hand, paid):
        refund_number = new_id().hex
        hand.plan_refund(paid, "close")
        refunded(provider, paid, refund_number)
        hand.let_arrive(refund_number)
        assert refunded(provider, paid, new_id().hex).amount == ARMCHAIR

    def test_an_unknown_payment_cannot_be_refunded(self, provider, number):
        with pytest.raises(ProviderRefused):
            refunded(provider, number, new_id().hex)

    def test_a_refund_is_reported_as_a_query_would_say(self, provider, hand, paid):
        refund_number = new_id().hex
        hand.plan_refund(paid, "succeed")
        refunded(provider, paid, refund_number)
        notification = provider.read_notification(*hand.let_arrive(refund_number))
        assert notification.about == provider.query_refund(refund_number)


class PartialRefundContract:
    """Of a provider that sends parts of the money back; to be inherited beside RefundContract."""

    def test_the_same_number_with_another_amount_is_refused(self, provider, paid):
        refund_number = new_id().hex
        refunded(provider, paid, refund_number, Money(100))
        with pytest.raises(ProviderRefused):
            refunded(provider, paid, refund_number, Money(101))

    def test_never_more_goes_back_than_was_paid(self, provider, paid):
        refunded(provider, paid, new_id().hex, ARMCHAIR - Money(1))
        with pytest.raises(ProviderRefused):
            refunded(provider, paid, new_id().hex, Money(2))
        assert refunded(provider, paid, new_id().hex, Money(1)).amount == Money(1)

    def test_a_refund_made_by_hand_is_reported_under_a_number_that_is_not_ours(self, provider, hand, paid):
        about = provider.read_notification(*hand.refund_by_hand(paid, Money(100))).about
        assert (about.state, about.out_trade_no, about.amount) == (RefundState.SUCCEEDED, paid, Money(100))
        assert id_of(about.out_refund_no) is None
        assert about == provider.query_refund(about.out_refund_no)
