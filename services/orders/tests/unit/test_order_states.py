"""The transitions of orders and refunds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.aftersale.model.states import REFUND_TRANSITIONS, RefundState
from orders.fulfilment.model.states import ORDER_TRANSITIONS, OrderState, TransitionNotAllowed, moves
from services.orders.tests.builders import an_order

ENDS = {OrderState.COMPLETED, OrderState.CANCELLED}


@given(st.sampled_from(OrderState), st.sampled_from(OrderState))
def test_a_repeated_transition_changes_nothing_and_a_forbidden_one_raises(present, wanted):
    order = an_order(state=present)
    if wanted in ORDER_TRANSITIONS[present]:
        assert order.move(wanted)
        assert (order.state, order.version) == (wanted, 3)
    elif wanted is present:
        assert not order.move(wanted)
        assert order.version == 2
    else:
        with pytest.raises(TransitionNotAllowed):
            order.move(wanted)
        assert (order.state, order.version) == (present, 2)


def test_an_order_ends_completed_or_cancelled_and_every_state_leads_to_an_end():
    assert {state for state, ways in ORDER_TRANSITIONS.items() if not ways} == ENDS
    for state in OrderState:
        assert ENDS & reachable(state)


def test_a_shipped_order_is_never_cancelled():
    assert OrderState.CANCELLED not in reachable(OrderState.SHIPPED)


@given(st.sampled_from(RefundState), st.sampled_from(RefundState))
def test_a_decided_refund_is_never_decided_again(present, wanted):
    if present in (RefundState.REFUNDED, RefundState.REFUSED, RefundState.FAILED) and wanted is not present:
        with pytest.raises(TransitionNotAllowed):
            moves(REFUND_TRANSITIONS, present, wanted)


def reachable(state):
    found, new = set(), {state}
    while new:
        found |= new
        new = {after for before in new for after in ORDER_TRANSITIONS[before]} - found
    return found
