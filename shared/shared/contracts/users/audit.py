"""The report of an audit, which the auditor stores for operators to read."""

from dataclasses import dataclass
from datetime import datetime

from shared.permissions import Permission
from shared.requests import Request
from shared.shapes import raw, timestamp, whole

MOST_CHECKS, MOST_FINDINGS = 100, 100  # of a report, of a check
LARGEST = 2**62


@dataclass(frozen=True, kw_only=True)
class ReportText:
    """A sentence in both languages; empty where there is nothing to say."""

    zh: str = raw(500, 0)
    en: str = raw(500, 0)


@dataclass(frozen=True, kw_only=True)
class RepairReport:
    """A repair: the request that carries it out, and what it does."""

    method: str = raw(100)
    request: dict[str, str]
    description: ReportText


@dataclass(frozen=True, kw_only=True)
class FindingReport:
    """A violation of an invariant: what it is about (`sku <id>`), the facts as JSON, and what to do about it.

    `since` is when the compared data last changed; null if they were read in one statement.
    """

    about: str = raw(200)
    detail: str = raw(10_000)
    facts: str = raw(50_000)
    since: datetime | None = timestamp()
    repair: RepairReport | None
    advice: ReportText


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """The outcome of a check: the documents checked, and the findings, of which at most 100 are listed.

    `number` is that of all findings, `waiting` that of those that are too recent to count. `blind`: why it
    could not run; empty if it could. `incremental`: only what had changed was checked.
    """

    name: str = raw(60)
    means: ReportText
    checked: int = whole(0, LARGEST)
    incremental: bool
    blind: str = raw(2000, 0)
    waiting: int = whole(0, LARGEST)
    milliseconds: int = whole(0, LARGEST)
    number: int = whole(0, LARGEST)
    findings: tuple[FindingReport, ...] = raw(MOST_FINDINGS, 0)


@dataclass(frozen=True, kw_only=True)
class StoreAuditReport(Request, permission=Permission.AUDIT_REPORT):
    """Store the outcome of an audit; the next one follows `every` seconds after it."""

    began_at: datetime = timestamp()
    milliseconds: int = whole(0, LARGEST)
    every: int = whole(0, 10_000_000)
    checks: tuple[CheckReport, ...] = raw(MOST_CHECKS)
