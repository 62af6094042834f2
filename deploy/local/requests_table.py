"""The requests of each service, as a table in its README, generated from the contracts (`make docs`)."""

import re
from pathlib import Path

from shared import topology
from shared.json_schema import described
from shared.requests import Request, request_types

ROOT = Path(__file__).resolve().parents[2]
SECTION = re.compile(r"^## Requests\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
HEAD = ["## Requests", "", "| request | permission | who | |", "|---|---|---|---|"]


def readme(service: str) -> Path:
    """The path of a service's README."""
    return ROOT / "services" / service / "README.md"


def page(service: str) -> str:
    """A service's README with the table of its current requests."""
    topology.service_class(service)  # its module imports its contract
    return SECTION.sub(lambda _: section(service), readme(service).read_text())


def section(service: str) -> str:
    """The requests of a service by name."""
    declared = (each for each in request_types() if each.__module__.startswith("shared.contracts."))
    rows = [_row(each) for each in declared if each.contract.method.startswith(f"{service}.")]
    return "\n".join([*HEAD, *rows, "", ""])


def _row(request: type[Request]) -> str:
    contract = request.contract
    who = ", ".join(sorted(role.value for role in contract.allowed))
    key = " Takes an idempotency key." if contract.keyed else ""
    does = described(request).partition(". ")[0].removesuffix(".")
    return f"| `{contract.name}` | `{contract.permission}` | {who} | {does}.{key} |"
