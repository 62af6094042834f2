"""What an operator does by an operator's rights is in the log: every method that operators may call is an act."""

import inspect
import re
from pathlib import Path
from typing import get_args

import pytest
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

from local.system import SERVICES
from shared.contracts.marketing.requests import ClaimCoupon
from shared.contracts.operating.requests import ListDeadLetters, RetryDeadLetter
from shared.contracts.orders.requests import GetShopOrder
from shared.dumping import dataclass_of, hints
from shared.permissions import Role
from shared.requests import request_types
from shared.rpc import Rpc
from shared.topology import service_class

ROOT = Path(__file__).parents[2]
UNNOTED = {  # they change nothing and tell of no person
    "list_dead_letters": "bodies are masked",
    "get_dead_letter": "its body is masked",
    "list_operator_log": "it holds ids",
    "list_switches": "it holds no person but operators",
    "list_sagas": "states and ids",
    "get_saga": "what names a person is masked",
    "list_carrier_reports": "tracking numbers and times",
    "get_trial_balance": "sums",
    "list_payment_method_details": "what providers declare",
}
OWN_WAY = re.compile(r"\.is_\(Role\.OPERATOR\)|OPERATOR in \w+\.roles")


def for_operators(service):
    """The methods of a service that operators may call, each with whether it is noted."""
    for name, method in inspect.getmembers(service_class(service), inspect.isfunction):
        for mark in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ()):
            if isinstance(mark, Rpc) and Role.OPERATOR in mark.allow:
                assert mark.request, f"{name} is for operators, and has no contract that says how it is noted"
                yield name, mark.request.contract.action is not None


@pytest.mark.parametrize("service", SERVICES)
def test_every_method_that_operators_may_call_is_noted_unless_it_is_known_here(service):
    found = dict(for_operators(service))
    assert {"list_operator_log", "retry_dead_letter"} <= set(found)
    assert [name for name, is_noted in found.items() if is_noted is (name in UNNOTED)] == []


def test_what_is_not_noted_is_there():
    assert {name for service in SERVICES for name, _ in for_operators(service)} >= set(UNNOTED)


def test_an_act_is_noted_under_the_name_that_its_contract_gives():
    assert GetShopOrder.contract.action == "order.read"
    assert RetryDeadLetter.contract.action == "retry_dead_letter"
    assert ListDeadLetters.contract.action is None  # its contract says so
    assert ClaimCoupon.contract.action is None  # no operator may send it


def shown(view):
    """The names of all fields of a view, also of the views in it."""
    shape = dataclass_of(view)
    inside = [hint for hint in get_args(view) if hint is not type(view)]
    if shape is None:
        return set().union(*map(shown, inside)) if inside else set()
    found = hints(view)
    return set(found).union(*map(shown, found.values()))


def test_whoever_is_shown_where_somebody_lives_is_noted():
    """A shopper's requests show what is the shopper's own."""
    for request in request_types():
        contract = request.contract
        theirs = contract.allowed & {Role.MERCHANT, Role.OPERATOR}
        tells = contract.answer is not None and shown(contract.answer) & {"street", "phone", "email"}
        if theirs and tells:
            assert contract.personal or contract.allowed == {Role.OPERATOR}, contract.method
            assert contract.action, contract.method
    assert {"street", "phone"} <= shown(GetShopOrder.contract.answer)


def test_no_service_lets_an_operator_in_by_a_way_of_its_own():
    """`Caller.require_shop` notes whom it lets in; a look at the role would not."""
    files = [p for p in (ROOT / "services").rglob("*.py") if "tests" not in p.parts]
    assert [str(p) for p in files if OWN_WAY.search(p.read_text())] == []
