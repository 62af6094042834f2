"""The actions of operators are logged: every method for operators is either logged or listed here."""

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
UNLOGGED = {  # they change nothing and show no personal data
    "list_dead_letters": "bodies are masked",
    "list_dead_letter_groups": "numbers and times",
    "get_dead_letter": "its body is masked",
    "list_operator_log": "it has ids only",
    "find_orders": "ids and states",
    "find_payments": "ids, states and amounts",
    "get_audit": "names and numbers of checks",
    "list_audit_findings": "ids, states and sums",
    "get_service_settings": "without secrets",
    "get_service_status": "numbers and times",
    "list_switches": "it names no users but operators",
    "list_sagas": "states and ids",
    "get_saga": "personal data is masked",
    "find_order": "states, sums and ids, not its buyer",
    "list_carrier_reports": "tracking numbers and times",
    "get_trial_balance": "sums",
    "get_shop_order_counts": "numbers",
    "get_shop_sales": "sums",
    "list_ledger_accounts": "sums of shops and providers",
    "list_account_entries": "ids and amounts",
    "get_posting": "ids and amounts",
    "list_payment_method_details": "declarations of providers",
}
OWN_WAY = re.compile(r"\.is_\(Role\.OPERATOR\)|OPERATOR in \w+\.roles")


def for_operators(service):
    """The methods of a service that operators may call, each with whether it is logged."""
    for name, method in inspect.getmembers(service_class(service), inspect.isfunction):
        for mark in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ()):
            if isinstance(mark, Rpc) and Role.OPERATOR in mark.allow:
                assert mark.request, f"{name} is for operators, and has no contract that sets how it is logged"
                yield name, mark.request.contract.action is not None


@pytest.mark.parametrize("service", SERVICES)
def test_every_method_for_operators_is_logged_or_listed_here(service):
    found = dict(for_operators(service))
    assert {"list_operator_log", "retry_dead_letter"} <= set(found)
    assert [name for name, is_noted in found.items() if is_noted is (name in UNLOGGED)] == []


def test_the_listed_methods_exist():
    assert {name for service in SERVICES for name, _ in for_operators(service)} >= set(UNLOGGED)


def test_an_action_is_logged_with_the_name_of_its_contract():
    assert GetShopOrder.contract.action == "order.read"
    assert RetryDeadLetter.contract.action == "retry_dead_letter"
    assert ListDeadLetters.contract.action is None  # by its contract
    assert ClaimCoupon.contract.action is None  # no operator may send it


def shown(view):
    """The names of all fields of a view, also of nested views."""
    shape = dataclass_of(view)
    inside = [hint for hint in get_args(view) if hint is not type(view)]
    if shape is None:
        return set().union(*map(shown, inside)) if inside else set()
    found = hints(view)
    return set(found).union(*map(shown, found.values()))


def test_showing_an_address_to_others_than_the_shopper_is_logged():
    """Shoppers see only their own addresses."""
    for request in request_types():
        contract = request.contract
        others = contract.allowed & {Role.MERCHANT, Role.OPERATOR}
        personal = contract.answer is not None and shown(contract.answer) & {"street", "phone", "email"}
        if others and personal:
            assert contract.personal or contract.allowed == {Role.OPERATOR}, contract.method
            assert contract.action, contract.method
    assert {"street", "phone"} <= shown(GetShopOrder.contract.answer)


def test_no_service_checks_the_role_of_an_operator_itself():
    """`Caller.require_shop` logs the access of an operator; a check of the role would not."""
    files = [p for p in (ROOT / "services").rglob("*.py") if "tests" not in p.parts]
    assert [str(p) for p in files if OWN_WAY.search(p.read_text())] == []
