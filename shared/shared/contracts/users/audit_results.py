"""What operators read of the auditor's results, and the repair of a finding."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.contracts.pages import ListRequest, Page
from shared.contracts.texts import BilingualText
from shared.permissions import Permission
from shared.requests import Request
from shared.shapes import identifier, paragraphs


class AuditState(StrEnum):
    """What is known of the invariants.

    `clean`: all hold. `findings`: some are violated. `incomplete`: no findings, but a check could not run.
    `unknown`: the auditor is silent for longer than it takes until its next report.
    """

    CLEAN = "clean"
    FINDINGS = "findings"
    INCOMPLETE = "incomplete"
    UNKNOWN = "unknown"


class InvariantState(StrEnum):
    """What is known of an invariant. `unknown`: its check could not run, or the auditor is silent."""

    HOLDS = "holds"
    VIOLATED = "violated"
    UNKNOWN = "unknown"


class FindingState(StrEnum):
    """An open finding was there in the last audit of its invariant; a resolved one was not."""

    OPEN = "open"
    RESOLVED = "resolved"


@dataclass(frozen=True, kw_only=True)
class Invariant:
    """The last result of an invariant.

    `checked` documents at `checked_at`, null if its check never could run; `incremental`: only those that had
    changed since they were proven. `waiting` findings are too recent to count. `blind`: why its check could not
    run the last time; null if it could. `since`: since when its state is as it is. `full_checked`: the documents
    that were checked at `full_at`, the last time that all were; null if that is not known.
    """

    name: str
    means: BilingualText
    state: InvariantState
    since: datetime
    checked: int
    checked_at: datetime | None
    incremental: bool
    milliseconds: int
    findings: int
    waiting: int
    blind: str | None
    full_checked: int | None
    full_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class AreaHistory:
    """An area (`stock`, `money`) in the last 24 hours: its state in each quarter of an hour, the oldest first."""

    area: str
    quarters: tuple[AuditState, ...]


@dataclass(frozen=True, kw_only=True)
class Audit:
    """The last audit: when it began and ended, how long it took, and until when the next one is expected.

    The times are null if there was none. `quarters_until` is the end of the history's last quarter of an hour.
    """

    state: AuditState
    began_at: datetime | None
    ended_at: datetime | None
    expected_by: datetime | None
    milliseconds: int
    every: int
    checked: int
    findings: int
    invariants: tuple[Invariant, ...]
    quarters_until: datetime
    history: tuple[AreaHistory, ...]


@dataclass(frozen=True, kw_only=True)
class Repair:
    """What a repair of a finding does; the owning service checks the finding again before it repairs it."""

    service: str
    description: BilingualText


@dataclass(frozen=True, kw_only=True)
class AuditFinding:
    """A violation of an invariant: its object (`about`), the facts, and what to do about it.

    `repair` is null if it is repaired by hand, as `advice` says. `changed_at`: when the compared data
    last changed.
    """

    finding_id: UUID
    invariant: str
    state: FindingState
    about: str
    detail: str
    facts: dict[str, Any]
    changed_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    resolved_at: datetime | None
    seen: int
    repair: Repair | None
    advice: BilingualText
    repair_requested_at: datetime | None
    repair_requested_by: str | None


@dataclass(frozen=True, kw_only=True)
class RequestedRepair:
    """The request that carries out a repair, for the gateway."""

    method: str
    request: dict[str, str]
    finding: AuditFinding


@dataclass(frozen=True, kw_only=True)
class GetAudit(Request, answer=Audit, permission=Permission.AUDITS_READ, audit=False):
    """Show the last audit with the result of each invariant."""


@dataclass(frozen=True, kw_only=True)
class ListAuditFindings(ListRequest, answer=Page[AuditFinding], permission=Permission.AUDITS_READ, audit=False):
    """List findings, newest first; by state and invariant."""

    state: FindingState | None = None
    invariant: str | None = identifier(60, default=None)


@dataclass(frozen=True, kw_only=True)
class RepairFinding(
    Request, answer=RequestedRepair, permission=Permission.AUDITS_REPAIR, audit="audit.request_repair"
):
    """Repair a finding, with a reason. What no longer needs a repair is left unchanged."""

    finding_id: UUID
    reason: str = paragraphs(500)
