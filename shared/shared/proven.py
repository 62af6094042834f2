"""Up to when the auditor has proven its checks, as it told this service: only what is older is archived."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from shared import shapes

KEEP = text("""
    INSERT INTO proven (check_name, upto) VALUES (:check, :upto)
    ON CONFLICT (check_name) DO UPDATE SET upto = greatest(proven.upto, excluded.upto)
""")


@dataclass(frozen=True, kw_only=True)
class Proven:
    """By check: what was last changed before this moment was looked at, and holds."""

    upto: dict[str, datetime] = field(default_factory=dict)


def note(connection: Connection, request: dict[str, Any]) -> None:
    """Keep what the auditor says. What is archived cannot be looked at again, so no moment is taken back."""
    for check, upto in sorted(shapes.load(Proven, request).upto.items()):
        connection.execute(KEEP, {"check": check, "upto": upto})


def before(*checks: str) -> str:
    """SQL: the moment up to which all these checks are proven; NULL while one of them never was."""
    names = ", ".join(f"'{check}'" for check in checks)
    return (
        f"(SELECT CASE count(*) WHEN {len(checks)} THEN min(upto) END FROM proven"  # noqa: S608 - constants
        f" WHERE check_name IN ({names}))"
    )
