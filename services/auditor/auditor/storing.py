"""Sends the report of an audit to users, which stores it for operators."""

import json
from datetime import timedelta
from typing import Any

from auditor import chinese
from auditor.audit import Outcome, Report
from auditor.checks import AuditIncomplete, Finding, Queries, Repair
from shared import observe, shapes
from shared.contracts.users.audit import (
    MOST_FINDINGS,
    CheckReport,
    FindingReport,
    RepairReport,
    ReportText,
    StoreAuditReport,
)
from shared.errors import Refusal

LONGEST_DETAIL, LONGEST_FACTS, LONGEST_REASON = 10_000, 50_000, 2000
TOO_LONG = '{"omitted": "too long"}'


def store(report: Report, queries: Queries, every: float) -> None:
    """Store the report; what cannot be stored is logged, and operators see that the auditor is silent."""
    try:
        queries.call(StoreAuditReport.contract.method, shapes.dump(document(report, every)))
    except (AuditIncomplete, Refusal) as reason:
        observe.log.warning("report not stored", reason=str(reason))


def document(report: Report, every: float) -> StoreAuditReport:
    """The report as it is stored."""
    return StoreAuditReport(
        began_at=report.began_at,
        milliseconds=_milliseconds(report.seconds),
        every=round(every),
        checks=tuple(map(_check, report.outcomes)),
    )


def _check(outcome: Outcome) -> CheckReport:
    check = outcome.check
    return CheckReport(
        name=check.name,
        means=ReportText(zh=chinese.SENTENCES.get(check.name, check.sentence), en=check.sentence),
        checked=outcome.checked,
        incremental=outcome.incremental,
        blind=outcome.blind[:LONGEST_REASON],
        waiting=outcome.waiting,
        milliseconds=_milliseconds(outcome.seconds),
        number=len(outcome.findings),
        findings=tuple(map(_finding, outcome.findings[:MOST_FINDINGS])),
    )


def _finding(found: Finding) -> FindingReport:
    facts = json.dumps(found.facts, ensure_ascii=False, default=str)
    return FindingReport(
        about=found.about,
        detail=found.detail[:LONGEST_DETAIL],
        facts=facts if len(facts) <= LONGEST_FACTS else TOO_LONG,
        since=found.since,
        repair=_repair(found.repair) if found.repair else None,
        advice=_both(found.advice),
    )


def _repair(repair: Repair) -> RepairReport:
    request: dict[str, Any] = {name: str(value) for name, value in repair.request.items()}
    return RepairReport(method=repair.method, request=request, description=_both(repair.description))


def _both(english: str) -> ReportText:
    return ReportText(zh=chinese.phrase(english), en=english)


def _milliseconds(seconds: float) -> int:
    return round(timedelta(seconds=seconds) / timedelta(milliseconds=1))
