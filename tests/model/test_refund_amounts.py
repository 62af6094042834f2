"""Refunds requested, granted, refused and sent at random: the shown amount is paid, never more than was paid."""

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from orders.aftersale.model import repricing
from orders.aftersale.model.refund import Kind
from orders.aftersale.model.states import RefundFailure, RefundState
from orders.aftersale.use_cases import cancellations, refunds
from orders.aftersale.use_cases import requests as refund_requests
from orders.fulfilment import use_cases as fulfilment
from orders.fulfilment.model.order import Order
from orders.fulfilment.model.states import Actor, OrderState
from orders.fulfilment.model.terms import Discount, Policy, Shipping, Terms
from orders.fulfilment.views import facts
from services.orders.tests.builders import a_line, an_order
from shared.contracts.orders import AfterSaleClosed, requests
from shared.contracts.payments import PaymentRefunded
from shared.errors import Refusal
from shared.ids import new_id
from shared.money import Money, allocate
from tests.model.memory import orders as memory
from tests.model.memory.people import a_refund
from tests.model.memory.rows import Database

OF_CANCELLATION = SimpleNamespace(benefits=())  # the part of the checkout that a cancellation needs
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LINES = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 1000)), min_size=1, max_size=3)
PLACE, PIECES = st.integers(0, 3), st.integers(1, 3)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("request"), PLACE, PIECES),
        st.tuples(st.sampled_from(["grant", "refuse", "fail"]), PLACE, PIECES),
        st.tuples(st.sampled_from(["send", "arrive"]), PLACE, PIECES),
    ),
    max_size=14,
)


class Case:
    """One order in memory with its shopper and merchant; `paid` has the refunded amounts, by refund."""

    def __init__(self, order: Order) -> None:
        self.order_id, self.paid, self.database, self.published = order.order_id, {}, Database(), []
        with self.work() as work:
            work.orders.add([order])
            work.connection.put("checkouts", order.checkout_id, OF_CANCELLATION)

    @contextmanager
    def work(self):
        with self.database.begin() as rows:
            work = memory.Work(rows, NOON, None)
            work.sagas = self
            yield work
        self.published += [sent.message for sent in work.published]

    def start(self, name: str, _key, state) -> None:
        """In place of the sagas: a started refund is paid at once, a cancellation later."""
        if name == "orders.refund":
            self.paid[state.refund_id] = state.amount.amount

    def request(self, place: int, pieces: int) -> None:
        with self.changing() as (work, order):
            line = order.lines[place % len(order.lines)]
            refund_requests.request(work, order, a_refund(order, [(line.line_id, pieces)]))

    def request_the_rest(self) -> None:
        with self.changing() as (work, order):
            refund_requests.request(work, order, a_refund(order, None))

    def grant(self, place: int, _pieces: int = 0) -> None:
        shown = self.one(place, RefundState.REQUESTED)
        if shown:
            with self.changing() as (work, order):
                granted = work.refunds.get(shown.refund_id)
                refund_requests.grant(work, order, granted, Actor.MERCHANT)
            if granted.kind is Kind.CANCELLATION:
                self._cancel(granted.refund_id)
            assert self.paid[shown.refund_id] == shown.amount.amount == granted.amount.amount

    def refuse(self, place: int, _pieces: int) -> None:
        wanted = self.one(place, RefundState.REQUESTED)
        if wanted:
            with self.changing() as (work, order):
                refunds.refuse(work, order, work.refunds.get(wanted.refund_id))

    def fail(self, place: int, _pieces: int) -> None:
        running = self.one(place, RefundState.RUNNING)
        if running and self.order.state is not OrderState.CANCELLING:  # which waits for running refunds
            with self.work() as work:
                refunds.fail(work, running.refund_id, RefundFailure.REFUND_FAILED)
            del self.paid[running.refund_id]

    def arrive(self, place: int, _pieces: int = 0) -> None:
        running = self.one(place, RefundState.RUNNING)
        if running:
            ids = {"refund_id": running.refund_id, "payment_id": self.order.payment_id, "order_id": self.order_id}
            with self.work() as work:
                refunds.payment_refunded(work, PaymentRefunded(**ids, amount=running.amount, lines=()))

    def send(self, place: int, pieces: int) -> None:
        with self.changing() as (work, order):
            line = order.lines[place % len(order.lines)]
            lines = (requests.Pieces(line_id=line.line_id, quantity=pieces),)
            about = {"order_id": order.order_id, "carrier": "sf", "tracking_number": str(new_id())}
            fulfilment.ship(work, order, requests.ShipOrder(**about, lines=lines), Actor.MERCHANT)

    @contextmanager
    def changing(self):
        """A transaction on the order; a refusal leaves no changes."""
        try:
            with self.work() as work:
                yield work, work.orders.lock(self.order_id)
        except Refusal:
            pass

    def one(self, place: int, state: RefundState):
        with self.work() as work:
            found = [refund for refund in work.refunds.of_order(self.order_id) if refund.state is state]
        return found[place % len(found)] if found else None

    def by_line(self) -> dict:
        """The granted amount of each line; the lines of each refund must add up to its amount."""
        granted = self.granted
        for refund in granted:
            assert sum(each.amount.amount for each in refund.by_line) == refund.amount.amount
            assert min((each.amount.amount for each in refund.by_line), default=0) >= 0
        back, pieces = Counter(), Counter()
        for each in (each for refund in granted for each in refund.by_line):
            back[each.line_id] += each.amount.amount
            pieces[each.line_id] += each.pieces
        assert all(pieces[line.line_id] <= line.quantity for line in self.order.lines)
        return back

    @property
    def granted(self) -> list:
        """The refunds that were granted and have not failed."""
        with self.work() as work:
            return [refund for refund in work.refunds.of_order(self.order_id) if refund.removes_its_units]

    @property
    def order(self) -> Order:
        with self.work() as work:
            return work.orders.get(self.order_id)

    @property
    def sent(self) -> bool:
        with self.work() as work:
            return bool(work.parcels.of_order(self.order_id))

    def keeps_shares_or_price(self) -> bool:
        """Whether the order keeps the shares of the kept units, or by its policy their price, or refunded nothing.

        A refund is never negative, so that the amount of an earlier one may be missing.
        """
        order, remaining = self.order, repricing.kept(self.order, self.granted)
        keeps = order.total.amount - sum(self.paid.values())
        if not remaining:
            return keeps == 0
        shares, price = (
            repricing.share(remaining) + order.shipping.amount,
            order.terms.price(repricing.listed(remaining)),
        )
        if not order.is_repriced:
            return keeps == shares
        fee = max(price.shipping, order.shipping.amount)
        wanted = max(price.goods, repricing.share(remaining)) + fee
        return shares <= keeps <= wanted

    def _cancel(self, refund_id) -> None:
        with self.work() as work:
            self.paid[refund_id] = cancellations.claim(work, self.order_id, refund_id).amount.amount


TERMS = st.builds(
    Terms,
    shipping=st.builds(Shipping, fee=st.integers(0, 800), free_from=st.none() | st.integers(0, 3000)),
    discounts=st.lists(
        st.builds(Discount, threshold=st.integers(0, 3000), off=st.integers(0, 900), percent=st.integers(0, 50)),
        max_size=2,
    ).map(tuple),
)


def an_order_of(lines: list[tuple[int, int]], terms: Terms, policy: Policy) -> Order:
    """An order of (quantity, list price) lines with these terms, as priced by marketing."""
    goods = sum(pieces * each for pieces, each in lines)
    price = terms.price(goods)
    shares = allocate(Money(price.goods), [n * each for n, each in lines]) if goods else [Money(0)] * len(lines)
    bought = [
        a_line(quantity=n, unit_price=Money(each), paid=paid.amount)
        for (n, each), paid in zip(lines, shares, strict=True)
    ]
    state = OrderState.PREPARING
    return an_order(*bought, shipping=price.shipping, state=state, terms=terms, policy=policy)


def paid_by_line(order: Order) -> Counter:
    """The paid amount of each line, and of shipping."""
    paid = {line.line_id: line.paid.amount for line in order.lines}
    return Counter({**paid, order.shipping_line_id: order.shipping.amount})


@settings(deadline=None)
@given(LINES, TERMS, st.sampled_from(Policy), ACTS)
def test_lesson_17_the_shown_amount_is_paid_and_all_refunds_add_up_to_the_payment(lines, terms, policy, acts):
    case = Case(an_order_of(lines, terms, policy))
    for action, place, pieces in acts:
        getattr(case, action)(place, pieces)
        assert min(case.paid.values(), default=0) >= 0
        assert sum(case.paid.values()) <= case.order.total.amount
        assert case.sent or case.keeps_shares_or_price()
        assert case.by_line() <= paid_by_line(case.order)
    case.request_the_rest()
    while case.one(0, RefundState.REQUESTED):
        case.grant(0)
    assert case.by_line() <= paid_by_line(case.order)
    if not case.sent:
        assert case.by_line() == paid_by_line(case.order)
    kept = case.order.shipping.amount + case.order.withheld_shipping if case.sent else 0
    assert sum(case.paid.values()) == case.order.total.amount - kept


@settings(deadline=None)
@given(LINES, TERMS, st.sampled_from(Policy), ACTS, st.randoms())
def test_a_consumer_that_upserts_lines_by_version_ends_at_the_newest_state_in_any_order_of_arrival(
    lines, terms, policy, acts, shuffling
):
    case = Case(an_order_of(lines, terms, policy))
    received = [facts(case.order)["lines"]]
    for action, place, pieces in acts:
        getattr(case, action)(place, pieces)
    while case.one(0, RefundState.RUNNING):
        case.arrive(0)
    received += [event.lines for event in case.published if isinstance(event, AfterSaleClosed)] * 2
    shuffling.shuffle(received)
    kept = {}
    for state in (state for lines in received for state in lines):
        if state.line_id not in kept or kept[state.line_id].version <= state.version:
            kept[state.line_id] = state
    order = case.order
    assert [replace(kept[line.line_id], version=0) for line in order.lines] == [
        replace(state, version=0) for state in facts(order)["lines"]
    ]
    refunded = sum(state.refunded.amount for state in kept.values())
    assert refunded <= order.refunded <= refunded + order.shipping.amount
