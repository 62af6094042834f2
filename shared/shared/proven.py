"""The times up to which the auditor has proven its checks: only older rows are archived."""

from sqlalchemy import Connection, text

from shared.contracts.auditing.requests import AuditProven

KEEP = text("""
    INSERT INTO proven (check_name, upto) VALUES (:check, :upto)
    ON CONFLICT (check_name) DO UPDATE SET upto = greatest(proven.upto, excluded.upto)
""")


def note(connection: Connection, request: AuditProven) -> None:
    """Store the auditor's times. A time never decreases, since archived rows cannot be checked again."""
    for check, upto in sorted(request.upto.items()):
        connection.execute(KEEP, {"check": check, "upto": upto})


def before(*checks: str) -> str:
    """SQL: the time up to which all these checks are proven; NULL if one of them was never proven."""
    names = ", ".join(f"'{check}'" for check in checks)
    return (
        f"(SELECT CASE count(*) WHEN {len(checks)} THEN min(upto) END FROM proven"  # noqa: S608 - constants
        f" WHERE check_name IN ({names}))"
    )
