"""Up to when the auditor has proven its checks, as it told this service: only what is older is archived."""

from sqlalchemy import Connection, text

from shared.contracts.auditing.requests import AuditProven

KEEP = text("""
    INSERT INTO proven (check_name, upto) VALUES (:check, :upto)
    ON CONFLICT (check_name) DO UPDATE SET upto = greatest(proven.upto, excluded.upto)
""")


def note(connection: Connection, request: AuditProven) -> None:
    """Keep what the auditor says. What is archived cannot be looked at again, so no moment is taken back."""
    for check, upto in sorted(request.upto.items()):
        connection.execute(KEEP, {"check": check, "upto": upto})


def before(*checks: str) -> str:
    """SQL: the moment up to which all these checks are proven; NULL while one of them never was."""
    names = ", ".join(f"'{check}'" for check in checks)
    return (
        f"(SELECT CASE count(*) WHEN {len(checks)} THEN min(upto) END FROM proven"  # noqa: S608 - constants
        f" WHERE check_name IN ({names}))"
    )
