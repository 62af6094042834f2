"""Storing the auditor's report, and requesting the repair of a finding."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from shared import message_encoding, operator_actions, shapes
from shared.contracts.users.audit import CheckReport, FindingReport, StoreAuditReport
from shared.contracts.users.audit_results import InvariantState
from shared.ids import new_id
from users.audits.model import FindingNotFound, FindingNotRepairable, Report, quarter_of
from users.work import Work

Row = dict[str, Any]
NEVER = {"checked": 0, "checked_at": None, "incremental": False, "milliseconds": 0, "findings": 0, "waiting": 0}


def store(work: Work, report: StoreAuditReport) -> None:
    """Store a report, unless a later one is stored."""
    known = work.audits.report(lock=True)
    if known and known.began_at >= report.began_at:
        return
    times = {"began_at": report.began_at, "stored_at": work.now}
    work.audits.save_report(Report(**times, milliseconds=report.milliseconds, every=report.every))
    before = {row["name"]: row for row in work.audits.invariants()}
    checks = enumerate(report.checks)
    work.audits.save_invariants([_invariant(place, one, before.get(one.name), report) for place, one in checks])
    work.audits.save_quarter([_in_history(one, report.began_at) for one in report.checks])
    _store_findings(work, report)


def request_repair(work: Work, finding_id: UUID, actor: str) -> Any:
    """Record that an operator requests a repair, and return the finding.

    Raises FindingNotFound, FindingNotRepairable.
    """
    found = work.audits.finding(finding_id, lock=True)
    if found is None:
        raise FindingNotFound
    if found["resolved_at"] or not found["repair"]:
        raise FindingNotRepairable
    work.audits.request_repair(finding_id, actor, work.now)
    operator_actions.describe(about=f"finding {finding_id}", invariant=found["invariant"], finding=found["about"])
    return work.audits.finding(finding_id)


def _invariant(place: int, one: CheckReport, before: Any, report: StoreAuditReport) -> Row:
    """The row of an invariant; what was checked last remains while its check cannot run."""
    ran = {
        "checked": one.checked,
        "checked_at": report.began_at,
        "incremental": one.incremental,
        "milliseconds": one.milliseconds,
        "findings": one.number,
        "waiting": one.waiting,
    }
    known = ran if not one.blind else {name: before[name] for name in ran} if before else NEVER
    state = _state(one)
    return {
        "name": one.name,
        "place": place,
        "means_en": one.means.en,
        "means_zh": one.means.zh,
        "state": state,
        "since": before["since"] if before and before["state"] == state else report.began_at,
        "blind": one.blind or None,
        **known,
        **_last_full(one, before, report.began_at),
    }


def _last_full(one: CheckReport, before: Any, began_at: datetime) -> Row:
    """How many documents were checked the last time that all were."""
    if one.incremental or one.blind:
        return {name: before[name] if before else None for name in ("full_checked", "full_at")}
    return {"full_checked": one.checked, "full_at": began_at}


def _state(one: CheckReport) -> InvariantState:
    if one.blind:
        return InvariantState.UNKNOWN
    return InvariantState.VIOLATED if one.number else InvariantState.HOLDS


def _in_history(one: CheckReport, began_at: datetime) -> Row:
    return {
        "quarter": quarter_of(began_at),
        "invariant": one.name,
        "violated": one.number > 0,
        "blind": bool(one.blind),
    }


def _store_findings(work: Work, report: StoreAuditReport) -> None:
    """Store what was found; what was not found again is resolved, where all findings are listed."""
    ran = [one for one in report.checks if not one.blind]
    rows = [_finding(one.name, each, report.began_at) for one in ran for each in _distinct(one.findings)]
    if rows:
        work.audits.save_findings(rows)
    complete = [one.name for one in ran if one.number == len(one.findings)]
    work.audits.resolve(complete, report.began_at, work.now)


def _distinct(findings: Iterable[FindingReport]) -> Iterable[FindingReport]:
    """One finding for each object: two of them would be one row."""
    return {each.about: each for each in findings}.values()


def _finding(invariant: str, found: FindingReport, seen_at: datetime) -> Row:
    return {
        "finding_id": new_id(),
        "invariant": invariant,
        "about": found.about,
        "detail": found.detail,
        "facts": message_encoding.decode(found.facts),
        "changed_at": found.since,
        "first_seen_at": seen_at,
        "last_seen_at": seen_at,
        "repair": shapes.dump(found.repair) if found.repair else None,
        "advice": shapes.dump(found.advice),
    }
