"""The answers to audit queries and repairs.

Items are JSON documents of ids, states, sums and timestamps. They have no types of their own, since only the
auditor's checks read them, and no public API returns them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Documents:
    """The documents that were found, and the number of rows that were checked."""

    items: tuple[dict[str, Any], ...]
    checked: int


@dataclass(frozen=True, kw_only=True)
class AuditPage(Documents):
    """A page of documents; `next` is the key after which to continue, null on the last page."""

    next: str | None


@dataclass(frozen=True, kw_only=True)
class OutboxPage(Documents):
    """A page of outbox rows; `next` is the position after which to continue, null on the last page."""

    next: int | None


@dataclass(frozen=True, kw_only=True)
class SentPage(OutboxPage):
    """A page of outbox rows with `end`, the last position that exists."""

    end: int


@dataclass(frozen=True, kw_only=True)
class ChangesPage(Documents):
    """The related keys of changed rows, the database's time and its identity.

    `next` are the time and the row after which to continue.
    """

    now: datetime
    database: str
    next: tuple[str, str] | None


@dataclass(frozen=True, kw_only=True)
class Repaired:
    """Whether something was repaired; false if a repair is no longer needed."""

    repaired: bool
