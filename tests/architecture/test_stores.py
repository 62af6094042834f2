"""Which module of a service uses whose stores: `work` has them all, and the import rules do not see that."""

import importlib
import inspect
import re
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
USES = {  # module → the stores of other modules that it reads or writes
    "catalog": {
        "importing": {"products", "shops", "stock"},
        "listing": {"products", "shops", "stock"},
        "products": {"stock"},
        "stock": {"products", "shops"},
    },
    "orders": {
        "aftersale": {"checkouts", "orders", "parcels"},
        "checkout": {"carts", "orders", "policies"},
        "fulfilment": {"refunds"},
    },
    "users": {
        "accounts": {"erasures", "sessions", "shops"},
        "addresses": {"accounts"},
        "erasure": {"accounts", "shops"},
        "credentials": {"accounts", "guards"},
        "messages": {"accounts"},
        "sessions": {"accounts", "shops"},
    },
    "payments": {
        "refunding": {"calls", "captures", "ledger", "payments", "unidentified"},
        "taking": {"calls", "ledger", "refund_attempts", "refunds", "settlements"},
    },
    "marketing": {"pricing": {"kinds"}},
}


def owners(service):
    """The module of each store that a work of the service has."""
    work = importlib.import_module(f"{service}.work").Work
    stores = inspect.getmembers(work, lambda member: isinstance(member, cached_property))
    homes = {name: inspect.signature(store.func).return_annotation.__module__ for name, store in stores}
    return {name: home.split(".")[1] for name, home in homes.items() if home.startswith(f"{service}.")}


@pytest.mark.parametrize("service", USES)
def test_a_module_uses_only_the_listed_stores_of_other_modules(service):
    owner, found = owners(service), {}
    for module in sorted(set(owner.values())):
        files = (ROOT / "services" / service / service / module).rglob("*.py")
        used = {name for file in files for name in re.findall(r"\bwork\.(\w+)\.", file.read_text())}
        found[module] = {name for name in used & owner.keys() if owner[name] != module}
    assert {module: stores for module, stores in found.items() if stores} == USES[service]
