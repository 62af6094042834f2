"""Views of the auditor's results."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from shared.contracts.texts import BilingualText
from shared.contracts.users import audit_results as v
from users.audits.model import QUARTER, Report, last_quarters


def audit(report: Report | None, invariants: Sequence[Any], quarters: Iterable[Any], now: datetime) -> v.Audit:
    """The last audit. If the auditor is silent, nothing is known of any invariant."""
    silent = report is None or report.is_silent(now)
    shown = tuple(_invariant(row, report, silent=silent) for row in invariants)
    return v.Audit(
        state=_state(shown, silent=silent),
        began_at=report.began_at if report else None,
        ended_at=report.stored_at if report else None,
        expected_by=report.expected_by if report else None,
        milliseconds=report.milliseconds if report else 0,
        every=report.every if report else 0,
        checked=sum(each.checked for each in shown),
        findings=sum(each.findings for each in shown),
        invariants=shown,
        quarters_until=last_quarters(now)[-1] + QUARTER,
        history=tuple(_history(shown, quarters, now)),
    )


def finding(row: Any) -> v.AuditFinding:
    """A finding with its facts."""
    same = ("finding_id", "invariant", "about", "detail", "facts", "changed_at", "first_seen_at", "last_seen_at")
    more = ("resolved_at", "seen", "repair_requested_at", "repair_requested_by")
    return v.AuditFinding(
        state=v.FindingState.RESOLVED if row["resolved_at"] else v.FindingState.OPEN,
        repair=_repair(row["repair"]) if row["repair"] else None,
        advice=BilingualText(**row["advice"]),
        **{name: row[name] for name in (*same, *more)},
    )


def requested_repair(row: Any) -> v.RequestedRepair:
    """A finding with the request that repairs it."""
    return v.RequestedRepair(
        method=row["repair"]["method"], request=row["repair"]["request"], finding=finding(row)
    )


def _repair(stored: Any) -> v.Repair:
    service = stored["method"].partition(".")[0]
    return v.Repair(service=service, description=BilingualText(**stored["description"]))


def _invariant(row: Any, report: Report | None, *, silent: bool) -> v.Invariant:
    same = ("name", "checked", "checked_at", "incremental", "milliseconds", "findings", "waiting", "blind")
    full = ("full_checked", "full_at")
    unknown_since = report.expected_by if silent and report else row["since"]
    return v.Invariant(
        means=BilingualText(zh=row["means_zh"], en=row["means_en"]),
        state=v.InvariantState.UNKNOWN if silent else v.InvariantState(row["state"]),
        since=unknown_since,
        **{name: row[name] for name in (*same, *full)},
    )


def _state(invariants: Sequence[v.Invariant], *, silent: bool) -> v.AuditState:
    states = {each.state for each in invariants}
    if silent:
        return v.AuditState.UNKNOWN
    if v.InvariantState.VIOLATED in states:
        return v.AuditState.FINDINGS
    return v.AuditState.INCOMPLETE if v.InvariantState.UNKNOWN in states else v.AuditState.CLEAN


def _history(invariants: Sequence[v.Invariant], quarters: Iterable[Any], now: datetime) -> Iterable[v.AreaHistory]:
    known = {(row["area"], row["quarter"]): _worst(row) for row in quarters}
    for area in dict.fromkeys(each.name.partition(".")[0] for each in invariants):
        states = (known.get((area, quarter), v.AuditState.UNKNOWN) for quarter in last_quarters(now))
        yield v.AreaHistory(area=area, quarters=tuple(states))


def _worst(row: Any) -> v.AuditState:
    if row["violated"]:
        return v.AuditState.FINDINGS
    return v.AuditState.INCOMPLETE if row["blind"] else v.AuditState.CLEAN
