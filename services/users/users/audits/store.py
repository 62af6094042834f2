"""The auditor's results: the last report, invariants, findings, history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from users.audits.model import Report
from users.audits.tables import audit_finding, audit_invariant, audit_quarter, audit_report

Row = dict[str, Any]


@dataclass(frozen=True)
class Audits:
    """Reads and writes the results."""

    connection: sa.Connection

    def report(self, *, lock: bool = False) -> Report | None:
        """The last report, if there is one."""
        found = sa.select(audit_report)
        row = self.connection.execute(found.with_for_update() if lock else found).mappings().one_or_none()
        return Report(**{name: row[name] for name in row if name != "only_one"}) if row else None

    def save_report(self, report: Report) -> None:
        """Replace the last report."""
        new = vars(report)
        stored = insert(audit_report).values(only_one=True, **new)
        self.connection.execute(stored.on_conflict_do_update(index_elements=["only_one"], set_=new))

    def invariants(self) -> Sequence[Any]:
        """The rows of all invariants, in the auditor's order."""
        return (
            self.connection.execute(sa.select(audit_invariant).order_by(audit_invariant.c.place)).mappings().all()
        )

    def save_invariants(self, rows: Sequence[Row]) -> None:
        """Replace all invariants."""
        new = insert(audit_invariant)
        changed = {name: new.excluded[name] for name in rows[0] if name != "name"}
        self.connection.execute(new.on_conflict_do_update(index_elements=["name"], set_=changed), rows)
        gone = audit_invariant.c.name.not_in([row["name"] for row in rows])
        self.connection.execute(sa.delete(audit_invariant).where(gone))

    def save_findings(self, rows: Sequence[Row]) -> None:
        """Add findings, or see open ones again."""
        new = insert(audit_finding)
        fixed = ("finding_id", "invariant", "about", "first_seen_at")
        changed = {name: new.excluded[name] for name in rows[0] if name not in fixed}
        seen_again = new.on_conflict_do_update(
            index_elements=["invariant", "about"],
            index_where=audit_finding.c.resolved_at.is_(None),
            set_={**changed, "seen": audit_finding.c.seen + 1},
        )
        self.connection.execute(seen_again, rows)

    def resolve(self, invariants: Iterable[str], seen_at: datetime, now: datetime) -> None:
        """Resolve the open findings of these invariants that were not seen at this time."""
        open_ = audit_finding.c.resolved_at.is_(None) & audit_finding.c.invariant.in_(list(invariants))
        unseen = sa.update(audit_finding).where(open_, audit_finding.c.last_seen_at < seen_at)
        self.connection.execute(unseen.values(resolved_at=now))

    def finding(self, finding_id: UUID, *, lock: bool = False) -> Any:
        """The row of a finding, or None."""
        found = sa.select(audit_finding).where(audit_finding.c.finding_id == finding_id)
        return self.connection.execute(found.with_for_update() if lock else found).mappings().one_or_none()

    def findings(
        self, *, resolved: bool | None, invariant: str | None, before: UUID | None, most: int
    ) -> Sequence[Any]:
        """Rows of findings, the newest first."""
        which = [] if resolved is None else [audit_finding.c.resolved_at.is_not(None) == resolved]
        which += [audit_finding.c.invariant == invariant] if invariant else []
        which += [audit_finding.c.finding_id < before] if before else []
        newest_first = sa.select(audit_finding).where(*which).order_by(audit_finding.c.finding_id.desc())
        return self.connection.execute(newest_first.limit(most)).mappings().all()

    def request_repair(self, finding_id: UUID, by: str, now: datetime) -> None:
        """Record that a repair was requested."""
        one = sa.update(audit_finding).where(audit_finding.c.finding_id == finding_id)
        self.connection.execute(one.values(repair_requested_at=now, repair_requested_by=by))

    def save_quarter(self, rows: Sequence[Row]) -> None:
        """Add to the history: the worst state in a quarter of an hour remains."""
        new, known = insert(audit_quarter), audit_quarter.c
        worst = {name: known[name] | new.excluded[name] for name in ("violated", "blind")}
        self.connection.execute(
            new.on_conflict_do_update(index_elements=["quarter", "invariant"], set_=worst), rows
        )

    def quarters(self, since: datetime) -> Sequence[Any]:
        """The worst states by area and quarter, since this quarter."""
        area = sa.func.split_part(audit_quarter.c.invariant, ".", 1).label("area")
        worst = (sa.func.bool_or(audit_quarter.c[name]).label(name) for name in ("violated", "blind"))
        found = sa.select(audit_quarter.c.quarter, area, *worst).where(audit_quarter.c.quarter >= since)
        return self.connection.execute(found.group_by(audit_quarter.c.quarter, area)).mappings().all()
