"""Every path of the sagas of orders (docs/sagas.md)."""

import pytest

from orders.sagas import cancel_order, checkout, refund
from services.orders.tests.unit.saga_states import a_cancellation, a_checkout, a_refund, captured, claimed
from shared.sagas.instance import Status
from shared.sagas.paths import every_path

CHECKOUT = a_checkout()
CASES = {
    "checkout": (checkout.saga, CHECKOUT, {"take_payment": captured(CHECKOUT)}, {}),
    "cancel_order": (cancel_order.saga, a_cancellation(), {}, {"claim": claimed}),
    "refund": (refund.saga, a_refund(), {}, {}),
}


@pytest.mark.parametrize("name", CASES)
def test_every_path_ends_and_undoes_its_steps_in_reverse_order_once(name):
    ends = set()
    for path in every_path(*CASES[name]):
        path.check()
        ends.add(path.status)
    assert Status.DONE in ends


def test_the_checkout_can_be_undone_from_every_step_before_the_pivot():
    undone = {tuple(path.happened) for path in every_path(*CASES["checkout"]) if path.status is Status.UNDONE}
    steps = ("open", "reserve_stock", "hold_benefits", "open_payment")
    assert undone == {steps[:count] for count in range(1, 5)}
