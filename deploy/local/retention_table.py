"""The retention of each table of each service, as tables in docs/retention.md, from the rules (`make docs`)."""

from pathlib import Path

from local.system import SERVICES
from shared import topology
from shared.retained import EVERYWHERE
from shared.retention import Kept, Rules

PAGE = Path(__file__).resolve().parents[2] / "docs" / "retention.md"
HEADING = "## Every table"


def section() -> str:
    """The tables that all services have, then those of each service."""
    parts = [HEADING, "", *_table("in every service", EVERYWHERE)]
    for service in SERVICES:
        rules: Rules = topology.service_class(service).retention.rules
        parts += _table(service, {name: rule for name, rule in rules.items() if EVERYWHERE.get(name) != rule})
    return "\n".join(parts).rstrip() + "\n"


def page() -> str:
    """The page with the section for the current rules."""
    before, _, _ = PAGE.read_text().partition(HEADING)
    return before + section()


def _table(title: str, rules: Rules) -> list[str]:
    rows = [
        f"| `{name}` | {f'kept: {rule.why}' if isinstance(rule, Kept) else rule.rule} |"
        for name, rule in sorted(rules.items())
    ]
    return [f"| {title} | |", "|---|---|", *rows, ""]
