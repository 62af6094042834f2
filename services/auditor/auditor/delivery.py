"""Messages: what is said leaves, what left is handled by all who listen, and people see to what is given up."""

from collections.abc import Iterator

from auditor import bounds
from auditor.checks import Check, Counted, Finding, Json, Queries, timestamp
from auditor.handled import Handled
from shared import manifest
from shared.contracts.auditing.requests import AuditDeadLetters, AuditUnsent

SERVICES = manifest.get().service_names
GIVEN_UP = "see its error, mend the cause, and let the row leave again (docs/auditor.md)"
LATE = "look at the relay and the broker, and for a command at its receiver"
LETTER = "retry or archive it in the operator's view (docs/operating.md)"


def sent(queries: Queries) -> Iterator[Counted | Finding]:
    """Outbox rows that should have left, and those that were given up."""
    for service in SERVICES:
        for page in queries.pages(AuditUnsent.contract.at(service)):
            yield Counted(page["checked"])
            yield from (_unsent(service, row) for row in page["items"])


def letters(queries: Queries) -> Iterator[Counted | Finding]:
    """Dead letters that nobody has seen to."""
    for service in SERVICES:
        for page in queries.pages(AuditDeadLetters.contract.at(service)):
            yield Counted(page["checked"])
            yield from (_unseen(service, letter) for letter in page["items"])


def _unsent(service: str, row: Json) -> Finding:
    given_up = row["failed_at"] is not None
    since = None if given_up else row["published_at"] if row["error"] else row["not_before"] or row["published_at"]
    what = f"{row['topic']} of {service}"
    return Finding(
        check="messages.sent",
        about=f"message {row['message_id']}",
        detail=f"{what} was given up: {row['error']}"
        if given_up
        else f"{what} has not left ({row['error'] or 'no error'})",
        facts=row,
        since=timestamp(since),
        advice=GIVEN_UP if given_up else LATE,
    )


def _unseen(service: str, letter: Json) -> Finding:
    return Finding(
        check="messages.seen_to",
        about=f"dead letter of {service} {letter['dead_letter_id']}",
        detail=f"{letter['topic']} for {letter['queue']}: {letter['exception']}",
        facts=letter,
        since=timestamp(letter["arrived_at"]),
        advice=LETTER,
    )


CHECKS = [
    Check(
        name="messages.sent",
        sentence="what was said has left, within its bound, and none is given up",
        look=sent,
        by_key=True,
        grace=bounds.unsent(),
    ),
    Check(
        name="messages.handled",
        sentence="every message that left was handled by each who listens, or is a dead letter",
        look=(handled := Handled(SERVICES)).look,
        memory=handled,
        grace=bounds.unhandled(),
    ),
    Check(
        name="messages.seen_to",
        sentence="a person has seen to every dead letter, within its bound",
        look=letters,
        by_key=True,
        grace=bounds.unseen(),
    ),
]
