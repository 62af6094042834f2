"""The enums of the views have exactly the values of the model."""

from typing import get_args

import pytest

from payments.ledger import model as ledger
from payments.providers import declaration, interface
from payments.providers import model as providers
from payments.refunding.model import refunds, settlements
from payments.taking.model import payment, unidentified
from shared import dumping
from shared.contracts import payments as contract
from shared.contracts.payments import payment_methods, views


def values(enum):
    return {member.value for member in enum}


@pytest.mark.parametrize(
    ("shown", "known"),
    [
        (contract.Standing, payment.Standing),
        (payment_methods.Custody, declaration.Custody),
        (payment_methods.Collection, declaration.Collection),
        (views.PaymentState, payment.State),
        (views.Tender, ledger.Tender),
        (views.RefundState, refunds.RefundState),
        (views.AttemptState, refunds.AttemptState),
        (views.StallReason, refunds.StallReason),
        (views.PaidFrom, settlements.PaidFrom),
        (views.UnidentifiedKind, unidentified.Kind),
        (views.UnidentifiedState, unidentified.State),
        (views.UnidentifiedReason, unidentified.Reason),
        (views.PostingKind, ledger.PostingKind),
        (views.LedgerAccount, ledger.Chart),
        (views.ProviderCallKind, providers.CallKind),
    ],
    ids=lambda enum: enum.__name__,
)
def test_a_view_has_exactly_the_values_of_the_domain_that_it_shows(shown, known):
    assert values(shown) == values(known)


def test_the_result_of_an_attempt_is_a_state_a_failure_a_timeout_or_a_difference():
    published = {"silent", refunds.StallReason.DIFFERS_FROM_OURS.value}
    published |= values(refunds.AttemptState) | values(interface.ProviderFailure)
    assert values(views.AttemptResult) == published


def test_every_failure_that_can_end_an_opening_is_a_reason_of_a_payment():
    assert values(interface.ProviderFailure) - set(interface.AT_THE_PROVIDER) <= values(contract.PaymentReason)


def test_the_kinds_of_pay_action_are_those_of_the_union():
    assert values(contract.PayActionKind) == set(dumping.alternatives(get_args(contract.PayAction)))
