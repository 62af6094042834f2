"""Messages: each is sent and handled by all its consumers, and operators resolve those that were given up."""

from collections.abc import Iterator

from auditor import bounds
from auditor.checks import Check, Counted, Finding, Json, Queries, timestamp
from auditor.handled import Handled
from shared import manifest
from shared.contracts.auditing.requests import AuditDeadLetters, AuditUnsent

SERVICES = manifest.get().service_names
GIVEN_UP = "read its error, fix the cause, and have the row sent again (docs/auditor.md)"
LATE = "check the relay and the broker, and for a command its receiver"
DEAD_LETTER = "retry or archive it in the operator's view (docs/operating.md)"


def sent(queries: Queries) -> Iterator[Counted | Finding]:
    """Outbox rows that are overdue or were given up."""
    for service in SERVICES:
        for page in queries.pages(AuditUnsent.contract.at(service)):
            yield Counted(page["checked"])
            yield from (_unsent(service, row) for row in page["items"])


def dead_letters(queries: Queries) -> Iterator[Counted | Finding]:
    """Dead letters that are open."""
    for service in SERVICES:
        for page in queries.pages(AuditDeadLetters.contract.at(service)):
            yield Counted(page["checked"])
            yield from (_unresolved(service, dead_letter) for dead_letter in page["items"])


def _unsent(service: str, row: Json) -> Finding:
    given_up = row["failed_at"] is not None
    since = None if given_up else row["created_at"] if row["error"] else row["not_before"] or row["created_at"]
    what = f"{row['topic']} of {service}"
    return Finding(
        check="messages.sent",
        about=f"message {row['message_id']}",
        detail=f"{what} was given up: {row['error']}"
        if given_up
        else f"{what} was not sent ({row['error'] or 'no error'})",
        facts=row,
        since=timestamp(since),
        advice=GIVEN_UP if given_up else LATE,
    )


def _unresolved(service: str, dead_letter: Json) -> Finding:
    return Finding(
        check="messages.resolved",
        about=f"dead letter of {service} {dead_letter['dead_letter_id']}",
        detail=f"{dead_letter['topic']} for {dead_letter['queue']}: {dead_letter['exception']}",
        facts=dead_letter,
        since=timestamp(dead_letter["arrived_at"]),
        advice=DEAD_LETTER,
    )


CHECKS = [
    Check(
        name="messages.sent",
        sentence="every message is sent within its bound, and none is given up",
        run=sent,
        by_key=True,
        grace=bounds.unsent(),
    ),
    Check(
        name="messages.handled",
        sentence="every message that was sent was handled by each of its consumers, or is a dead letter",
        run=(handled := Handled(SERVICES)).run,
        memory=handled,
        grace=bounds.unhandled(),
    ),
    Check(
        name="messages.resolved",
        sentence="every dead letter is resolved by an operator within its bound",
        run=dead_letters,
        by_key=True,
        grace=bounds.unresolved(),
    ),
]
