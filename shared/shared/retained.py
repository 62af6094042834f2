"""What keeps the tables bounded that every service has, and the dependency that purges a service's tables.

In a service: `retention = Retention(RULES)`, with RULES = {**retained.EVERYWHERE, "its_table": Purge(…), …}.
"""

from datetime import timedelta
from typing import Any

from nameko.extensions import DependencyProvider

from shared import retention_periods
from shared.retention import Kept, Purge, Purger, Rules

EVERYWHERE: Rules = {
    "alembic_version": Kept("one row"),
    "outbox": Purge(
        table="outbox",
        since="sent_at",
        keep=retention_periods.SENT,
        why="What was not sent stays: it waits for the broker, for its time, or for a person (`failed_at`).",
    ),
    "inbox": Purge(
        table="inbox",
        since="received_at",
        keep=retention_periods.MEMORY,
        why="Longer than the retry ladder and the time for retrying dead letters, so that no copy comes later.",
    ),
    "idempotency": Purge(
        table="idempotency",
        since="created_at",
        keep=retention_periods.SENT,
        why="The same key later is a new request.",
    ),
    "relay_lease": Kept("one row"),
    "listening": Kept("a row for each handler of the code; those that are gone are removed at the start"),
    "proven": Kept("a row for each check of the auditor"),
    "dead_letter": Purge(
        table="dead_letter",
        since="closed_at",
        keep=timedelta(days=90),
        setting="KEEP_DEAD_LETTERS_DAYS",
        which="state <> 'open'",
        why="Open ones stay until a person has retried or archived them; an alarm counts them.",
    ),
    "switches": Kept("a row for each switch of the manifest that was ever turned"),
    "operator_log": Kept(
        "the record of what people did with special rights is evidence and only appended to; "
        "one row of some 400 bytes for each act of a person (a reading once an hour), "
        "150 MB a year at 1,000 acts a day; in orders some three more an order, whose shop sees an address"
    ),
}
ERASURES: Rules = {  # of a service that holds something of persons
    "erased_person": Kept("who was erased and when, ids only: by it a restored backup is erased again"),
}


class Retention(DependencyProvider):
    """Gives the workers of a service its Purger, with `rules` to read them."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self.rules = rules
        self.purger = Purger(rules.values())

    def get_dependency(self, worker_ctx: Any) -> Purger:  # noqa: ARG002 - nameko's signature
        return self.purger
