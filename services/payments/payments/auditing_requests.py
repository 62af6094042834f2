"""What the auditor's queries and repairs are given."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.shapes import timestamp


@dataclass(frozen=True, kw_only=True)
class CaptureRepair:
    """A capture by its id."""

    capture_id: UUID


@dataclass(frozen=True, kw_only=True)
class RefundRepair:
    """A refund by its id."""

    refund_id: UUID


@dataclass(frozen=True, kw_only=True)
class LedgerQuery:
    """The ledger as of a posting; ids of postings are ordered by time."""

    until: UUID


@dataclass(frozen=True, kw_only=True)
class InTransitQuery:
    """Refunds that were asked for before this time have been under way for too long."""

    requested_before: datetime = timestamp()
