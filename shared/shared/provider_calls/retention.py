"""What keeps the table of provider calls bounded."""

from datetime import timedelta

from shared.retention import Purge, Rules

RULES: Rules = {
    "provider_calls": Purge(
        table="provider_calls",
        since="requested_at",
        keep=timedelta(days=90),
        setting="KEEP_PROVIDER_CALLS_DAYS",
        which="due_at IS NULL",
        why="Those that are over; one that is due again stays, however old it is.",
    )
}
