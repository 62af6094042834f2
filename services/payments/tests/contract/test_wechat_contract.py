"""What payments may rely on at WeChat Pay: the same sentences for the adapter on the sandbox and for the fake."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from payments.providers.interface import (
    Closing,
    ForgedNotification,
    PaymentState,
    ProviderRefused,
    ProviderSilent,
    RefundState,
)
from payments.providers.model import id_of
from services.payments.tests.fake_wechat import FakeWeChatPay
from shared.ids import new_id
from shared.money import Money
from shared.testing import eventually

ARMCHAIR = Money(129900)
SOON = (datetime.now(UTC) + timedelta(minutes=30)).replace(microsecond=0)


class SandboxHand:
    """What a test lets payer and provider do, at the sandbox."""

    def __init__(self, sandbox, box):
        self.sandbox, self.box = sandbox, box

    def pay(self, number):
        return self._reported(self.sandbox.tell(f"transactions/{number}/pay"))

    def pay_late(self, number):
        return self._reported(self.sandbox.tell(f"transactions/{number}/pay-late"))

    def fail(self, number):
        self.sandbox.tell(f"transactions/{number}/fail")

    def plan_refund(self, number, outcome, code="NOT_ENOUGH"):
        # The sandbox would let it arrive by itself; here the test says when.
        self.outcome = outcome
        planned = "refuse" if outcome == "refuse" else "wait"
        self.sandbox.tell(f"transactions/{number}/next-refund", outcome=planned, code=code)

    def refund_by_hand(self, number, amount):
        self.sandbox.tell(f"transactions/{number}/refund-by-hand", amount=amount.amount)
        eventually(lambda: len(self.sandbox.transaction(number)["notifications"]) > 1)
        return self._reported(self.sandbox.transaction(number))

    def let_arrive(self, number):
        refund = self.sandbox.tell(f"refunds/{number}/{self.outcome}")
        return self._reported(self.sandbox.transaction(refund["out_trade_no"]))

    def fall_silent(self, method, *, done=False):
        route = "prepay" if method == "open" else method
        self.sandbox.tell("behaviour", route=route, effect="drop", done=done)

    def _reported(self, transaction):
        return self.box.letter(transaction["notifications"][-1]["id"])


@pytest.fixture(params=["adapter", "fake"])
def sides(request):
    """The provider as payments sees it, and the hand that moves it."""
    if request.param == "fake":
        fake = FakeWeChatPay()
        return fake, fake
    get = request.getfixturevalue
    return get("adapter"), SandboxHand(get("sandbox"), get("box"))


@pytest.fixture
def provider(sides):
    return sides[0]


@pytest.fixture
def hand(sides):
    return sides[1]


@pytest.fixture
def number():
    return new_id().hex


def opened(provider, number):
    return provider.open(number, "CRUNCHY-ARMCHAIR 一把会响的扶手椅", ARMCHAIR, SOON)


def refunded(provider, number, refund_number, amount=ARMCHAIR):
    return provider.refund(refund_number, number, amount, ARMCHAIR, "弹簧太响")


class TestOpening:
    def test_an_opened_payment_is_open_and_has_a_qr_code(self, provider, number):
        assert opened(provider, number).content.startswith("weixin://wxpay/bizpayurl?pr=")
        payment = provider.query(number)
        assert (payment.state, payment.transaction_id, payment.paid_at) == (PaymentState.OPEN, None, None)

    def test_opening_twice_gives_the_same_qr_code(self, provider, number):
        assert opened(provider, number) == opened(provider, number)

    def test_the_same_number_for_another_amount_is_refused(self, provider, number):
        opened(provider, number)
        with pytest.raises(ProviderRefused, match="OUT_TRADE_NO_USED"):
            provider.open(number, "CRUNCHY-ARMCHAIR 一把会响的扶手椅", Money(1), SOON)

    def test_what_is_paid_cannot_be_opened_again(self, provider, hand, number):
        opened(provider, number)
        hand.pay(number)
        with pytest.raises(ProviderRefused, match="ORDERPAID"):
            opened(provider, number)

    def test_what_is_closed_cannot_be_opened_again(self, provider, number):
        opened(provider, number)
        provider.close(number)
        with pytest.raises(ProviderRefused, match="ORDER_CLOSED"):
            opened(provider, number)

    def test_nothing_is_known_of_a_number_never_opened(self, provider, number):
        assert provider.query(number) is None

    @pytest.mark.parametrize("done", [False, True])
    def test_a_lost_answer_is_silence_and_asking_again_is_safe(self, provider, hand, number, done):
        hand.fall_silent("open", done=done)
        with pytest.raises(ProviderSilent):
            opened(provider, number)
        assert (provider.query(number) is not None) is done
        assert opened(provider, number) == opened(provider, number)


class TestPaying:
    def test_a_paid_payment_says_how_much_and_when(self, provider, hand, number):
        opened(provider, number)
        hand.pay(number)
        payment = provider.query(number)
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


class TestClosing:
    def test_a_closed_payment_stays_closed(self, provider, number):
        opened(provider, number)
        assert [provider.close(number), provider.close(number)] == [Closing.CLOSED, Closing.CLOSED]
        assert provider.query(number).state is PaymentState.CLOSED

    def test_money_that_was_faster_is_told(self, provider, hand, number):
        opened(provider, number)
        hand.pay(number)
        assert provider.close(number) is Closing.PAID

    def test_what_never_arrived_is_absent(self, provider, number):
        assert provider.close(number) is Closing.ABSENT

    def test_a_lost_answer_of_a_close_is_silence(self, provider, hand, number):
        opened(provider, number)
        hand.fall_silent("close", done=True)
        with pytest.raises(ProviderSilent):
            provider.close(number)
        assert provider.close(number) is Closing.CLOSED


class TestRefunding:
    @pytest.fixture
    def paid(self, provider, hand, number):
        opened(provider, number)
        hand.pay(number)
        hand.plan_refund(number, "succeed")
        return number

    def test_a_refund_takes_a_while_and_arrives(self, provider, hand, paid):
        refund_number = new_id().hex
        assert refunded(provider, paid, refund_number).state is RefundState.PROCESSING
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

    def test_the_same_number_with_another_amount_is_refused(self, provider, paid):
        refund_number = new_id().hex
        refunded(provider, paid, refund_number, Money(100))
        with pytest.raises(ProviderRefused, match="INVALID_REQUEST"):
            refunded(provider, paid, refund_number, Money(101))

    def test_never_more_goes_back_than_was_paid(self, provider, paid):
        refunded(provider, paid, new_id().hex, ARMCHAIR - Money(1))
        with pytest.raises(ProviderRefused, match="INVALID_REQUEST"):
            refunded(provider, paid, new_id().hex, Money(2))
        assert refunded(provider, paid, new_id().hex, Money(1)).amount == Money(1)

    @pytest.mark.parametrize("code", ["NOT_ENOUGH", "NO_AUTH", "USER_ACCOUNT_ABNORMAL"])
    def test_the_provider_may_refuse_and_take_the_same_number_later(self, provider, hand, paid, code):
        refund_number = new_id().hex
        hand.plan_refund(paid, "refuse", code)
        with pytest.raises(ProviderRefused, match=code):
            refunded(provider, paid, refund_number)
        assert provider.query_refund(refund_number) is None
        assert refunded(provider, paid, refund_number).state is RefundState.PROCESSING

    @pytest.mark.parametrize(
        ("outcome", "state"), [("abnormal", RefundState.ABNORMAL), ("close", RefundState.CLOSED)]
    )
    def test_a_refund_may_end_badly(self, provider, hand, paid, outcome, state):
        refund_number = new_id().hex
        hand.plan_refund(paid, outcome)
        refunded(provider, paid, refund_number)
        hand.let_arrive(refund_number)
        refund = provider.query_refund(refund_number)
        assert (refund.state, refund.refunded_at) == (state, None)

    def test_a_closed_refund_leaves_its_money_to_be_refunded_again(self, provider, hand, paid):
        refund_number = new_id().hex
        hand.plan_refund(paid, "close")
        refunded(provider, paid, refund_number)
        hand.let_arrive(refund_number)
        assert refunded(provider, paid, new_id().hex).amount == ARMCHAIR

    def test_a_refund_made_by_hand_is_reported_under_a_number_that_is_not_ours(self, provider, hand, paid):
        about = provider.read_notification(*hand.refund_by_hand(paid, Money(100))).about
        assert (about.state, about.out_trade_no, about.amount) == (RefundState.SUCCEEDED, paid, Money(100))
        assert id_of(about.out_refund_no) is None
        assert about == provider.query_refund(about.out_refund_no)

    def test_an_unknown_payment_cannot_be_refunded(self, provider, number):
        with pytest.raises(ProviderRefused, match="RESOURCE_NOT_EXISTS"):
            refunded(provider, number, new_id().hex)

    def test_nothing_is_known_of_a_refund_never_asked(self, provider, number):
        assert provider.query_refund(number) is None


class TestNotifications:
    def test_a_payment_is_reported_as_a_query_would_say(self, provider, hand, number):
        opened(provider, number)
        headers, body = hand.pay(number)
        notification = provider.read_notification(headers, body)
        assert notification.id
        assert notification.about == provider.query(number)

    def test_a_refund_is_reported_as_a_query_would_say(self, provider, hand, number):
        opened(provider, number)
        hand.pay(number)
        hand.plan_refund(number, "succeed")
        refund_number = new_id().hex
        refunded(provider, number, refund_number)
        notification = provider.read_notification(*hand.let_arrive(refund_number))
        assert notification.about == provider.query_refund(refund_number)

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

    def test_a_report_replayed_after_five_minutes_is_a_forgery(self, provider, hand, number):
        opened(provider, number)
        headers, body = hand.pay(number)
        later = datetime.now(UTC).timestamp() + 301
        with patch("time.time", lambda: later), pytest.raises(ForgedNotification):
            provider.read_notification(headers, body)
