"""The retention rules for the tables that every service has, and the dependency that purges a service's tables.

In a service: `retention = Retention(RULES)`, with RULES = {**retained.EVERYWHERE, "its_table": Purge(…), …}.
"""

from datetime import timedelta
from typing import Any

from nameko.extensions import DependencyProvider

from shared import retention_periods
from shared.retention import Kept, Purge, Purger, Rules

OUTBOX = Purge(
    table="outbox",
    since="sent_at",
    keep=retention_periods.SENT,
    why="Unsent rows are kept: they wait for the broker, for `not_before`, or for an operator (`failed_at`).",
)
EVERYWHERE: Rules = {
    "alembic_version": Kept("one row"),
    "outbox": OUTBOX,
    "inbox": Purge(
        table="inbox",
        since="received_at",
        keep=retention_periods.MEMORY,
        why="Longer than the retry ladder and the time for retrying dead letters, so that no copy arrives later.",
    ),
    "idempotency": Purge(
        table="idempotency",
        since="created_at",
        keep=retention_periods.SENT,
        why="Afterwards the same key is a new request.",
    ),
    "relay_lease": Kept("one row"),
    "subscriptions": Kept("a row for each handler in the code; rows of removed handlers are deleted at startup"),
    "proven": Kept("a row for each check of the auditor"),
    "dead_letter": Purge(
        table="dead_letter",
        since="closed_at",
        keep=timedelta(days=90),
        setting="KEEP_DEAD_LETTERS_DAYS",
        which="state <> 'open'",
        why="Open ones are kept until an operator has retried or archived them; an alert counts them.",
    ),
    "process_report": Purge(
        table="process_report",
        since="seen_at",
        keep=timedelta(days=1),
        why="A process that stops removes its own row; this one was killed.",
    ),
    "switches": Kept("a row for each switch of the manifest that was ever changed"),
    "operator_log": Kept(
        "append-only evidence of the use of operator rights; "
        "one row of some 400 bytes for each action (a reading once an hour), "
        "150 MB a year at 1,000 actions a day; in orders some three more per order, whose shop sees an address"
    ),
}
ERASURES: Rules = {  # of a service with personal data
    "erased_person": Kept("ids of erased persons and when; needed to repeat erasures in a restored backup"),
}


class Retention(DependencyProvider):
    """Provides a service's Purger to its methods; `rules` are its retention rules."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self.rules = rules
        self.purger = Purger(rules.values())

    def get_dependency(self, worker_ctx: Any) -> Purger:  # noqa: ARG002 - nameko's signature
        return self.purger
