"""SG-21: the checkout saga with unreliable delivery. Messages arrive twice, late and in any order; timers fire at
any time; shoppers pay and cancel. Stock, coupon and payment always end consistent."""

from dataclasses import dataclass, field, replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from orders.sagas import checkout
from services.orders.tests.unit.saga_states import NOON, a_checkout, captured
from shared.contracts import catalog, marketing, payments
from shared.contracts.catalog import StockRefusal
from shared.contracts.marketing import BenefitsRefusal
from shared.contracts.payments import Method, Standing
from shared.sagas.conversation import Conversation
from shared.sagas.core import SagaActionNotAllowed
from shared.sagas.instance import ENDED, Cancel, Publish, Received, Status, TimerFired


@dataclass
class World:
    """The other services, as in their contracts: each decides once and repeats its reply."""

    in_stock: bool
    coupon_free: bool
    stock: str = "untouched"
    coupon: str = "untouched"
    payment: str = "untouched"
    answered: dict = field(default_factory=dict)

    def handle(self, message_id, command):
        """The reply to a command, the same for the same message."""
        if message_id not in self.answered:
            self.answered[message_id] = getattr(self, type(command).__name__)(command)
        return self.answered[message_id]

    def ReserveStock(self, command):  # noqa: N802 - the handlers are named after their commands
        if self.stock == "untouched" and self.in_stock:
            self.stock = "reserved"
            return catalog.StockReserved(checkout_id=command.checkout_id)
        reason = StockRefusal.RELEASED if self.stock == "released" else StockRefusal.OUT_OF_STOCK
        return catalog.StockRefused(checkout_id=command.checkout_id, reason=reason)

    def ReleaseStock(self, command):  # noqa: N802
        assert self.stock != "committed", "committed stock is released"
        self.stock = "released"
        return catalog.StockReleased(checkout_id=command.checkout_id)

    def CommitStock(self, command):  # noqa: N802
        assert self.stock in ("reserved", "committed"), f"{self.stock} stock is committed"
        self.stock = "committed"
        return catalog.StockCommitted(checkout_id=command.checkout_id)

    def HoldBenefits(self, command):  # noqa: N802
        if self.coupon == "untouched" and self.coupon_free:
            self.coupon = "held"
            return marketing.BenefitsHeld(checkout_id=command.checkout_id)
        return marketing.BenefitsRefused(checkout_id=command.checkout_id, reason=BenefitsRefusal.BENEFIT_TAKEN)

    def ReleaseBenefits(self, command):  # noqa: N802
        assert self.coupon != "redeemed", "a redeemed coupon is released"
        self.coupon = "released"
        return marketing.BenefitsReleased(checkout_id=command.checkout_id)

    def RedeemBenefits(self, command):  # noqa: N802
        assert self.coupon in ("held", "redeemed"), f"a {self.coupon} coupon is redeemed"
        self.coupon = "redeemed"
        return marketing.BenefitsRedeemed(checkout_id=command.checkout_id)

    def OpenPayment(self, command):  # noqa: N802
        ids = {"payment_id": command.payment_id, "checkout_id": command.checkout_id}
        if self.payment != "untouched":
            return payments.PaymentRefused(**ids, reason=payments.PaymentReason.CANCELLED)
        if command.method is Method.CASH_ON_DELIVERY:
            self.payment = "authorized"
            return payments.PaymentAuthorized(**ids, amount=command.amount)
        if command.method is Method.NOTHING:
            self.payment = "captured"
            return self._captured(command)
        self.payment = "open"
        return payments.PaymentOpened(
            **ids, method=command.method, amount=command.amount, pay_action=payments.NoAction(), expires_at=NOON
        )

    def CancelPayment(self, command):  # noqa: N802
        if self.payment == "captured":
            return self._captured(command)
        self.payment = "cancelled"
        return payments.PaymentCancelled(payment_id=command.payment_id, checkout_id=command.checkout_id)

    def paid(self, command):
        """The shopper pays; payments returns a capture after the end."""
        kept = self.payment == "open"
        self.payment = "captured" if kept else self.payment
        return self._captured(command, Standing.KEPT if kept else Standing.RETURNED)

    def _captured(self, command, standing=Standing.KEPT):
        return replace(captured(a_checkout()), **_ids(command), standing=standing)


def _ids(command):
    return {"payment_id": command.payment_id, "checkout_id": command.checkout_id}


METHODS = st.sampled_from([Method.WECHAT, Method.WECHAT, Method.CASH_ON_DELIVERY, Method.NOTHING])


class QueuedConversation(Conversation):
    """Queues every command instead of waiting for its reply."""

    def __init__(self, state):
        self.commands = []
        super().__init__(checkout.saga, state)

    def _perform(self, effect):
        given = super()._perform(effect)
        if isinstance(effect, Publish):
            self.commands.append((self.now.awaiting, effect.command))
        return given


class CheckoutWithUnreliableDelivery(RuleBasedStateMachine):
    """The rules are events of messages, timers and shoppers; the invariants hold for orders, stock and payment."""

    @initialize(refused=st.sampled_from([None] * 8 + ["stock", "coupon"]), coupon=st.booleans(), method=METHODS)
    def begin(self, refused, coupon, method):
        self.world = World(in_stock=refused != "stock", coupon_free=refused != "coupon")
        self.state = a_checkout(coupon=coupon, method=method)
        self.talk = QueuedConversation(self.state)
        self.events = []
        self.cancel_requested = False

    @precondition(lambda self: self.talk.commands)
    @rule(data=st.data(), duplicate=st.booleans())
    def a_command_arrives(self, data, duplicate):
        place = data.draw(st.integers(0, len(self.talk.commands) - 1))
        message_id, command = self.talk.commands[place] if duplicate else self.talk.commands.pop(place)
        self.events.append((self.world.handle(message_id, command), message_id))

    @precondition(lambda self: self.events)
    @rule(data=st.data(), duplicate=st.booleans())
    def an_event_arrives(self, data, duplicate):
        place = data.draw(st.integers(0, len(self.events) - 1))
        event, answers = self.events[place] if duplicate else self.events.pop(place)
        self.talk.given(Received(event, answers))

    @rule(turns=st.integers(1, 4))
    def commands_arrive_in_order(self, turns):
        for _ in range(turns):
            self._everything_arrives(self.talk.commands[:1])

    @rule(ago=st.integers(0, 3))
    def a_timer_fires(self, ago):
        if self.talk.now.tries < 8:  # the limit of an undo is hours away
            self.talk.given(TimerFired(self.talk.now.attempt - ago))

    @precondition(lambda self: self.state.method is Method.WECHAT)
    @rule()
    def the_shopper_pays(self):
        if self.world.payment in ("open", "cancelled", "captured"):
            self.events.append((self.world.paid(self.state), None))

    @rule()
    def the_shopper_cancels(self):
        try:
            self.talk.given(Cancel("changed_mind"))
            self.cancel_requested |= self.talk.now.status is not Status.DONE
        except SagaActionNotAllowed:
            assert "confirm" in self.talk.ran

    @invariant()
    def orders_are_confirmed_or_cancelled_once_and_never_both(self):
        ran = self.talk.ran if hasattr(self, "talk") else []
        assert ran.count("confirm") + ran.count("undo open") <= 1

    @invariant()
    def the_saga_is_never_stuck(self):
        assert not hasattr(self, "talk") or self.talk.now.status is not Status.STUCK

    def teardown(self):
        if hasattr(self, "talk"):
            self._let_everything_arrive()
            self._check_the_end()

    def _let_everything_arrive(self):
        for _ in range(60):
            while self.talk.commands or self.events:
                self._everything_arrives(self.talk.commands[:])
            if self.talk.now.status in ENDED:
                return
            self.talk.given(TimerFired(self.talk.now.attempt))
        raise AssertionError(f"the saga never ends: {self.talk.now}")

    def _everything_arrives(self, commands):
        for message_id, command in commands:
            self.talk.commands.remove((message_id, command))
            self.events.append((self.world.handle(message_id, command), message_id))
        while self.events:
            self.talk.given(Received(*self.events.pop(0)))

    def _check_the_end(self):
        world, status = self.world, self.talk.now.status
        if status is Status.DONE:
            assert world.stock == "committed"
            assert world.coupon == ("redeemed" if self.state.benefits else "untouched")
            assert world.payment in ("captured", "authorized")
            assert len(self.talk.handed_over) == self.cancel_requested, (
                "a request to cancel is kept until it is handed over"
            )
        else:
            assert world.stock in ("released", "untouched")
            assert world.coupon in ("released", "untouched")
            assert world.payment in ("cancelled", "untouched")
            assert "undo open" in self.talk.ran


TestCheckoutWithUnreliableDelivery = CheckoutWithUnreliableDelivery.TestCase
TestCheckoutWithUnreliableDelivery.settings = settings(
    max_examples=400,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],  # the machine may be busy
)
