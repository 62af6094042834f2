"""Each enum of a view has exactly the values of the domain's enum."""

import pytest

from orders.aftersale.model import refund
from orders.aftersale.model import states as refund_states
from orders.checkout.model import checkout
from orders.fulfilment.model import parcel, states, terms
from shared.contracts import catalog, marketing
from shared.contracts.orders import codes
from shared.contracts.payments import Method
from shared.contracts.sagas import views as saga_views
from shared.sagas import Await, Call, Local
from shared.sagas.instance import Status

SAME = [
    (codes.CheckoutState, checkout.CheckoutState),
    (Method, checkout.PaymentMethod),
    (codes.OrderState, states.OrderState),
    (codes.OrderActor, states.Actor),
    (codes.CancellationReason, states.CancellationReason),
    (codes.ParcelState, parcel.ParcelState),
    (codes.RefundPolicy, terms.Policy),
    (codes.RefundState, refund_states.RefundState),
    (codes.RefundKind, refund.Kind),
    (codes.RefundReason, refund_states.RefundReason),
    (codes.RefundFailure, refund_states.RefundFailure),
    (saga_views.SagaStatus, Status),
]


@pytest.mark.parametrize(("shown", "domain"), SAME, ids=lambda each: each.__name__)
def test_an_enum_of_a_view_has_exactly_the_values_of_the_domains(shown, domain):
    assert {each.value for each in shown} == {each.value for each in domain}


def test_every_kind_of_step_has_a_name():
    kinds = {step.__name__.lower() for step in (Local, Call, Await)}
    assert {each.value for each in saga_views.SagaStepKind} == kinds


@pytest.mark.parametrize("refusals", [catalog.StockRefusal, marketing.BenefitsRefusal])
def test_every_refusal_of_a_checkout_is_a_cancellation_reason(refusals):
    assert {each.value for each in refusals} <= {each.value for each in codes.CancellationReason}
