"""The lines of a cart, and merging a guest's cart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.carts import model as cart
from shared.ids import new_id

SKUS = [new_id() for _ in range(6)]
carts = st.dictionaries(st.sampled_from(SKUS), st.integers(1, 9999))


@given(carts, carts)
def test_merging_a_guest_cart_loses_nothing_and_is_idempotent(own, guest):
    both, rest = cart.merge(own, guest)
    assert rest == {}
    assert set(both) == set(own) | set(guest)
    assert all(both[sku] >= max(own.get(sku, 0), guest.get(sku, 0)) for sku in both)
    assert cart.merge(both, guest) == (both, {})


def test_lines_that_do_not_fit_in_a_full_cart_are_returned():
    own = {new_id(): 1 for _ in range(cart.MOST_LINES - 1)}
    known, first, second = next(iter(own)), new_id(), new_id()
    both, rest = cart.merge(own, {first: 2, second: 3, known: 4})
    assert both == {**own, first: 2, known: 4}
    assert rest == {second: 3}


@given(carts, carts)
def test_items_are_put_back_whatever_was_added_meanwhile(lines, taken):
    full = {new_id(): 1 for _ in range(cart.MOST_LINES)} | lines
    restored = cart.put_back(full, taken)
    assert all(restored[sku] == full.get(sku, 0) + taken.get(sku, 0) for sku in {**full, **taken})


@given(carts, carts)
def test_bought_items_are_removed_and_can_be_put_back(lines, bought):
    left = cart.without(lines, bought)
    assert all(left.get(sku, 0) == max(0, n - bought.get(sku, 0)) for sku, n in lines.items())
    taken = {sku: min(n, bought[sku]) for sku, n in lines.items() if sku in bought}
    assert cart.put_back(left, taken) == lines


@pytest.mark.parametrize("quantity", [0, -1, 10_000, 10**9])
def test_a_quantity_out_of_range_is_refused(quantity):
    with pytest.raises(cart.QuantityOutOfRange):
        cart.put({}, SKUS[0], quantity)


def test_a_cart_of_a_hundred_lines_accepts_no_other_but_a_larger_quantity():
    full = {new_id(): 1 for _ in range(cart.MOST_LINES)}
    with pytest.raises(cart.CartFull):
        cart.put(full, new_id(), 1)
    assert cart.put(full, next(iter(full)), 5)
