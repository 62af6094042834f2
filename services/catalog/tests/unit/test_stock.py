from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from catalog.stock.model.claims import Claim, ClaimState
from catalog.stock.model.levels import LOW, MOST, BelowReserved, Level, StockLimitExceeded
from catalog.stock.model.lines import Line, LinesInvalid, merged
from catalog.stock.model.shortages import Reason, Shortage
from shared.ids import new_id
from shared.testing.lengths import lasting

CUP, POT = new_id(), new_id()


def level(sku_id=CUP, on_hand=10, reserved=0, **rest):
    return Level(sku_id=sku_id, product_id=new_id(), shop_id=new_id(), on_hand=on_hand, reserved=reserved, **rest)


def line(sku_id=CUP, quantity=1, order_id=None):
    return Line(order_id=order_id or new_id(), sku_id=sku_id, quantity=quantity)


def test_a_claim_reserves_all_its_lines():
    levels = {CUP: level(), POT: level(POT)}
    claim = Claim(checkout_id=new_id())
    claim.reserve([line(CUP, 2), line(POT, 3), line(CUP, 4)], levels)
    assert claim.state is ClaimState.RESERVED
    assert (levels[CUP].reserved, levels[POT].reserved) == (6, 3)


def test_a_claim_that_is_short_of_one_line_reserves_none_and_names_it():
    levels = {CUP: level(), POT: level(POT, on_hand=2)}
    claim = Claim(checkout_id=new_id())
    claim.reserve([line(CUP, 2), line(POT, 3)], levels)
    short = Shortage(sku_id=POT, wanted=3, available=2, reason=Reason.OUT_OF_STOCK)
    assert (claim.state, claim.reason, claim.shortages) == (ClaimState.REFUSED, Reason.OUT_OF_STOCK, (short,))
    assert levels[CUP].reserved == 0


def test_a_refused_claim_lists_wanted_and_available_units_of_each_short_sku():
    levels = {CUP: level(sellable=False), POT: level(POT, on_hand=2)}
    claim = Claim(checkout_id=new_id())
    claim.reserve([line(POT, 2), line(CUP, 2), line(POT, 1)], levels)
    assert claim.reason is Reason.OFF_SHELF
    assert {s.sku_id: (s.wanted, s.available, s.reason) for s in claim.shortages} == {
        CUP: (2, 0, Reason.OFF_SHELF),
        POT: (3, 2, Reason.OUT_OF_STOCK),
    }


@pytest.mark.parametrize("levels", [{}, {CUP: level(sellable=False)}])
def test_a_sku_that_is_not_for_sale_is_refused_whatever_its_stock(levels):
    claim = Claim(checkout_id=new_id())
    claim.reserve([line()], levels)
    unlisted = Shortage(sku_id=CUP, wanted=1, available=0, reason=Reason.OFF_SHELF)
    assert (claim.reason, claim.shortages) == (Reason.OFF_SHELF, (unlisted,))


@pytest.mark.parametrize("lines", [[], [line(quantity=0)], [line(quantity=-3), line(quantity=5)]])
def test_lines_of_less_than_one_unit_are_refused(lines):
    with pytest.raises(LinesInvalid):
        merged(lines)


def test_lines_of_one_order_and_sku_are_one_reservation():
    order = new_id()
    assert merged([line(CUP, 1, order), line(POT, 1, order), line(CUP, 2, order)]) == [
        line(CUP, 3, order),
        line(POT, 1, order),
    ]


def test_only_a_reserved_claim_can_be_committed():
    for state in (ClaimState.UNDECIDED, ClaimState.REFUSED, ClaimState.RELEASED):
        claim = Claim(checkout_id=new_id(), state=state)
        assert not claim.commit([], {})
        assert claim.state is state


def test_a_level_never_falls_below_what_is_reserved():
    cup = level(on_hand=10, reserved=7)
    with pytest.raises(BelowReserved):
        cup.add(-4)
    cup.add(-3)
    assert cup.available == 0


def test_stock_has_a_limit():
    with pytest.raises(StockLimitExceeded):
        level().add(MOST)


def test_a_level_falls_low_when_it_crosses_the_threshold_and_not_again():
    assert not level(on_hand=LOW).fell_low
    crossing = level(on_hand=LOW)
    crossing.reserve(1)
    assert crossing.fell_low
    already = level(on_hand=LOW - 1)
    already.reserve(1)
    assert not already.fell_low


class Warehouse(RuleBasedStateMachine):
    """Any sequence of commands, including repeated ones, keeps the equations of stock."""

    def __init__(self):
        super().__init__()
        self.levels = {CUP: level(on_hand=6), POT: level(POT, on_hand=6)}
        self.journal = {CUP: 6, POT: 6}
        self.claims = [Claim(checkout_id=new_id()) for _ in range(4)]
        self.held = defaultdict(list)

    @rule(which=st.integers(0, 3), quantities=st.lists(st.integers(1, 4), min_size=1, max_size=3))
    def reserve(self, which, quantities):
        claim = self.claims[which]
        lines = merged([line([CUP, POT][at % 2], quantity) for at, quantity in enumerate(quantities)])
        if claim.state is ClaimState.UNDECIDED:
            claim.reserve(lines, self.levels)
            self.held[which] = lines if claim.state is ClaimState.RESERVED else []

    @rule(which=st.integers(0, 3))
    def release(self, which):
        if self.claims[which].release(self.held[which], self.levels):
            self.held[which] = []

    @rule(which=st.integers(0, 3))
    def commit(self, which):
        sold = self.claims[which].commit(self.held[which], self.levels)
        for line_sold in self.held[which] if sold else ():
            self.journal[line_sold.sku_id] -= line_sold.quantity
        self.held[which] = []

    @rule(sku_id=st.sampled_from([CUP, POT]), change=st.integers(-5, 5))
    def adjust(self, sku_id, change):
        try:
            self.levels[sku_id].add(change)
        except BelowReserved:
            return
        self.journal[sku_id] += change

    @invariant()
    def on_hand_is_the_sum_of_the_journal(self):
        assert {sku: one.on_hand for sku, one in self.levels.items()} == self.journal

    @invariant()
    def reserved_is_the_sum_of_what_is_held(self):
        for sku_id, one in self.levels.items():
            held = (li.quantity for lines in self.held.values() for li in lines if li.sku_id == sku_id)
            assert one.reserved == sum(held)

    @invariant()
    def nothing_is_oversold(self):
        assert all(0 <= one.reserved <= one.on_hand for one in self.levels.values())


TestWarehouse = Warehouse.TestCase
TestWarehouse.settings = settings(max_examples=lasting(60, long=5000), stateful_step_count=25, deadline=None)


@given(st.lists(st.integers(1, 60), max_size=40), st.integers(0, 100))
def test_claims_served_in_order_never_reserve_more_than_is_on_hand(requests, on_hand):
    levels = {CUP: level(on_hand=on_hand)}
    claims = [Claim(checkout_id=new_id()) for _ in requests]
    for claim, quantity in zip(claims, requests, strict=True):
        claim.reserve([line(quantity=quantity)], levels)
    taken = sum(q for c, q in zip(claims, requests, strict=True) if c.state is ClaimState.RESERVED)
    assert levels[CUP].reserved == taken <= on_hand
