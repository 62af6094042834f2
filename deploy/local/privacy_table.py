"""The columns with personal data, as tables in docs/privacy.md, generated from their types (`make docs`)."""

import sys
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa

from local.system import SERVICES
from shared import topology
from shared.idempotency import idempotency
from shared.personal import blind_indexes_of, personal_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "privacy.md"
HEADING = "## Every column"


def section() -> str:
    """The column that all services have, then those of each service."""
    parts = [HEADING, "", *_table("in every service", [idempotency])]
    for service in SERVICES:
        if tables := personal_tables(service):
            parts += _table(service, tables)
    return "\n".join(parts).rstrip() + "\n"


def page() -> str:
    """The page with the section for the current columns."""
    before, _, _ = PAGE.read_text().partition(HEADING)
    return before + section()


def personal_tables(service: str) -> list[sa.Table]:
    """The tables of a service with a personal column or a blind index, by name."""
    topology.service_class(service)
    modules = [vars(module) for name, module in sys.modules.items() if name.startswith(f"{service}.")]
    tables = {value for names in modules for value in names.values() if isinstance(value, sa.Table)}
    own = {table for table in tables if table is not idempotency}
    return sorted((t for t in own if personal_of(t) or blind_indexes_of(t)), key=lambda table: table.name)


def _table(title: str, tables: Iterable[sa.Table]) -> list[str]:
    rows = []
    for table in tables:
        rows += [
            f"| `{table.name}.{c.name}` | {c.type.kind} | {c.type.retention} |"  # type: ignore[attr-defined]
            for c in personal_of(table)
        ]
        rows += [f"| `{table.name}.{c.name}` | blind index | as its text |" for c in blind_indexes_of(table)]
    return [f"| {title} | what it is | kept |", "|---|---|---|", *rows, ""]
