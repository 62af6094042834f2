"""SG-21: the checkout saga among forgetful messengers. Messages come doubled, late, in any order; clocks run
out at any moment; shoppers pay and change their minds. Stock, coupon and money always end on one side."""

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
    """The other services, as their contracts promise: each decides once and answers again what it decided."""

    in_stock: bool
    coupon_free: bool
    stock: str = "untouched"
    coupon: str = "untouched"
    payment: str = "untouched"
    answered: dict = field(default_factory=dict)

    def obey(self, message_id, command):
        """The answer to a command; to the same message always the same."""
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
        assert self.stock != "committed", "what was sold is released"
        self.stock = "released"
        return catalog.StockReleased(checkout_id=command.checkout_id)

    def CommitStock(self, command):  # noqa: N802
        assert self.stock in ("reserved", "committed"), f"{self.stock} stock is sold"
        self.stock = "committed"
        return catalog.StockCommitted(checkout_id=command.checkout_id)

    def HoldBenefits(self, command):  # noqa: N802
        if self.coupon == "untouched" and self.coupon_free:
            self.coupon = "held"
            return marketing.BenefitsHeld(checkout_id=command.checkout_id)
        return marketing.BenefitsRefused(checkout_id=command.checkout_id, reason=BenefitsRefusal.BENEFIT_TAKEN)

    def ReleaseBenefits(self, command):  # noqa: N802
        assert self.coupon != "redeemed", "a used coupon is released"
        self.coupon = "released"
        return marketing.BenefitsReleased(checkout_id=command.checkout_id)

    def RedeemBenefits(self, command):  # noqa: N802
        assert self.coupon in ("held", "redeemed"), f"a {self.coupon} coupon is used"
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
        """The shopper pays; what comes after the end goes back by itself."""
        kept = self.payment == "open"
        self.payment = "captured" if kept else self.payment
        return self._captured(command, Standing.KEPT if kept else Standing.RETURNED)

    def _captured(self, command, standing=Standing.KEPT):
        return replace(captured(a_checkout()), **_ids(command), standing=standing)


def _ids(command):
    return {"payment_id": command.payment_id, "checkout_id": command.checkout_id}


METHODS = st.sampled_from([Method.WECHAT, Method.WECHAT, Method.CASH_ON_DELIVERY, Method.NOTHING])


class Post(Conversation):
    """Puts every command into the post instead of waiting for its answer."""

    def __init__(self, state):
        self.commands = []
        super().__init__(checkout.saga, state)

    def _perform(self, effect):
        given = super()._perform(effect)
        if isinstance(effect, Publish):
            self.commands.append((self.now.awaiting, effect.command))
        return given


class CheckoutAmongMessengers(RuleBasedStateMachine):
    """Every rule is something that happens to messages or people; the invariants are the shopkeeper's."""

    @initialize(refused=st.sampled_from([None] * 8 + ["stock", "coupon"]), coupon=st.booleans(), method=METHODS)
    def begin(self, refused, coupon, method):
        self.world = World(in_stock=refused != "stock", coupon_free=refused != "coupon")
        self.state = a_checkout(coupon=coupon, method=method)
        self.post = Post(self.state)
        self.events = []
        self.wished = False

    @precondition(lambda self: self.post.commands)
    @rule(data=st.data(), keeps=st.booleans())
    def a_command_arrives(self, data, keeps):
        place = data.draw(st.integers(0, len(self.post.commands) - 1))
        message_id, command = self.post.commands[place] if keeps else self.post.commands.pop(place)
        self.events.append((self.world.obey(message_id, command), message_id))

    @precondition(lambda self: self.events)
    @rule(data=st.data(), keeps=st.booleans())
    def an_event_arrives(self, data, keeps):
        place = data.draw(st.integers(0, len(self.events) - 1))
        event, answers = self.events[place] if keeps else self.events.pop(place)
        self.post.given(Received(event, answers))

    @rule(turns=st.integers(1, 4))
    def the_post_is_quick(self, turns):
        for _ in range(turns):
            self._everything_arrives(self.post.commands[:1])

    @rule(ago=st.integers(0, 3))
    def a_clock_runs_out(self, ago):
        if self.post.now.tries < 8:  # the limit of an undo is a matter of hours
            self.post.given(TimerFired(self.post.now.attempt - ago))

    @precondition(lambda self: self.state.method is Method.WECHAT)
    @rule()
    def the_shopper_pays(self):
        if self.world.payment in ("open", "cancelled", "captured"):
            self.events.append((self.world.paid(self.state), None))

    @rule()
    def the_shopper_changes_their_mind(self):
        try:
            self.post.given(Cancel("changed_mind"))
            self.wished |= self.post.now.status is not Status.DONE
        except SagaActionNotAllowed:
            assert "confirm" in self.post.ran

    @invariant()
    def orders_are_confirmed_or_cancelled_once_and_never_both(self):
        ran = self.post.ran if hasattr(self, "post") else []
        assert ran.count("confirm") + ran.count("undo open") <= 1

    @invariant()
    def it_is_never_stuck(self):
        assert not hasattr(self, "post") or self.post.now.status is not Status.STUCK

    def teardown(self):
        if hasattr(self, "post"):
            self._let_everything_arrive()
            self._look_at_the_end()

    def _let_everything_arrive(self):
        for _ in range(60):
            while self.post.commands or self.events:
                self._everything_arrives(self.post.commands[:])
            if self.post.now.status in ENDED:
                return
            self.post.given(TimerFired(self.post.now.attempt))
        raise AssertionError(f"it never ends: {self.post.now}")

    def _everything_arrives(self, commands):
        for message_id, command in commands:
            self.post.commands.remove((message_id, command))
            self.events.append((self.world.obey(message_id, command), message_id))
        while self.events:
            self.post.given(Received(*self.events.pop(0)))

    def _look_at_the_end(self):
        world, status = self.world, self.post.now.status
        if status is Status.DONE:
            assert world.stock == "committed"
            assert world.coupon == ("redeemed" if self.state.benefits else "untouched")
            assert world.payment in ("captured", "authorized")
            assert len(self.post.handed_over) == self.wished, "a wish is kept until somebody sees to it"
        else:
            assert world.stock in ("released", "untouched")
            assert world.coupon in ("released", "untouched")
            assert world.payment in ("cancelled", "untouched")
            assert "undo open" in self.post.ran


TestCheckoutAmongMessengers = CheckoutAmongMessengers.TestCase
TestCheckoutAmongMessengers.settings = settings(
    max_examples=400,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],  # a busy machine is no fault of the saga's
)
