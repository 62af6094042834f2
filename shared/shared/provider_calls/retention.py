"""The retention rule of the table of provider calls."""

from datetime import timedelta

from shared.retention import Purge, Rules

RULES: Rules = {
    "provider_calls": Purge(
        table="provider_calls",
        since="requested_at",
        keep=timedelta(days=90),
        setting="KEEP_PROVIDER_CALLS_DAYS",
        which="due_at IS NULL",
        why="Only finished calls; one that is still due is kept, however old it is.",
    )
}
