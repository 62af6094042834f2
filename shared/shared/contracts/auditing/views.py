"""What services show the auditor, and what a repair answers.

Items are JSON documents of ids, states, sums and moments, as a query finds them. They have no types of their own:
the auditor's checks are their only readers, and no public API shows them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Documents:
    """What was found, and how many rows were looked at."""

    items: tuple[dict[str, Any], ...]
    checked: int


@dataclass(frozen=True, kw_only=True)
class AuditPage(Documents):
    """A page of documents; `next` is the key to go on behind, null on the last one."""

    next: str | None


@dataclass(frozen=True, kw_only=True)
class OutboxPage(Documents):
    """A page of outbox rows; `next` is the position to go on behind."""

    next: int | None


@dataclass(frozen=True, kw_only=True)
class SentPage(OutboxPage):
    """The same with the last position there is: behind it nothing can have been looked at."""

    end: int


@dataclass(frozen=True, kw_only=True)
class ChangesPage(Documents):
    """The keys to which changed rows lead, the service's clock and which database it is.

    `next` are the moment and the row to go on behind.
    """

    now: datetime
    database: str
    next: tuple[str, str] | None


@dataclass(frozen=True, kw_only=True)
class Repaired:
    """Whether something was mended; false where there is nothing to mend any more."""

    repaired: bool
