"""Audit queries for the messages that a service has published and handled: ids, topics, timestamps, in pages."""

from typing import Any

from sqlalchemy import text

from shared.audit_pages import page
from shared.contracts.auditing.requests import (
    AuditDeadLetters,
    AuditHandled,
    AuditOutboxRequest,
    AuditSent,
    AuditUnsent,
)
from shared.contracts.auditing.views import AuditPage, Documents, OutboxPage, SentPage
from shared.work import Work

COLUMNS = """
    position, message_id, topic, kind, subject, queue, headers ? 'in_reply_to' AS is_reply, created_at,
    not_before, sent_at, failed_at, error
"""
DUE = "(not_before <= now() OR error IS NOT NULL)"  # a row that was postponed has an error, and is late already
PUBLISHED = f"SELECT {COLUMNS} FROM outbox WHERE position > :after ORDER BY position LIMIT :limit"  # noqa: S608
PUBLISHED_BY_ID = f"SELECT {COLUMNS} FROM outbox WHERE message_id = ANY(CAST(:ids AS uuid[]))"  # noqa: S608
# Each part reads a partial index of its own, which has no sent rows.
UNSENT_PARTS = [
    f"(SELECT {COLUMNS} FROM outbox WHERE {which} AND position > :after ORDER BY position LIMIT :limit)"  # noqa: S608
    for which in (
        "sent_at IS NULL AND failed_at IS NULL AND not_before IS NULL",
        f"sent_at IS NULL AND failed_at IS NULL AND not_before IS NOT NULL AND {DUE}",
        "failed_at IS NOT NULL",
    )
]
UNSENT = " UNION ALL ".join(UNSENT_PARTS) + " ORDER BY position LIMIT :limit"
UNSENT_BY_ID = f"{PUBLISHED_BY_ID} AND sent_at IS NULL AND (failed_at IS NOT NULL OR not_before IS NULL OR {DUE})"
PAGE = "SELECT coalesce(json_agg(page ORDER BY position), '[]') FROM ({}) AS page"
END = text("SELECT coalesce(max(position), 0) FROM outbox")
COUNTED = 100_000  # the most rows of each part that are counted, so that the statement is quick
COUNT = f"(SELECT count(*) FROM (SELECT FROM outbox WHERE {{}} LIMIT {COUNTED}) AS counted)"  # noqa: S608
WAITING = text(
    " ".join(
        (
            "SELECT",
            COUNT.format("sent_at IS NULL AND failed_at IS NULL AND not_before IS NULL"),
            "+",
            COUNT.format("sent_at IS NULL AND failed_at IS NULL AND not_before IS NOT NULL"),
            "+",
            COUNT.format("failed_at IS NOT NULL"),
        )
    )
)
SUBSCRIPTIONS = text("SELECT consumer, topic, replies, since FROM subscriptions ORDER BY consumer, topic, replies")
UNHANDLED = text("""
    SELECT requested.message_id, consumer, last.state AS dead_letter_state, last.closed_at
    FROM unnest(CAST(:ids AS uuid[]), CAST(:topics AS text[]), CAST(:replies AS boolean[]))
        AS requested (message_id, topic, is_reply)
    JOIN subscriptions ON subscriptions.topic = requested.topic AND subscriptions.replies = requested.is_reply
    LEFT JOIN LATERAL (
        SELECT state, closed_at FROM dead_letter WHERE dead_letter.message_id = requested.message_id
        ORDER BY dead_letter_id DESC LIMIT 1
    ) AS last ON true
    WHERE NOT EXISTS (
        SELECT FROM inbox WHERE inbox.consumer = subscriptions.consumer AND inbox.message_id = requested.message_id
    )
    ORDER BY requested.message_id, consumer
""")
DEAD_LETTERS = """
seen AS (
    SELECT dead_letter_id, message_id, topic, queue, exception, arrived_at FROM dead_letter
    WHERE state = 'open' AND {which}
),
found AS (SELECT * FROM seen)
"""
Json = dict[str, Any]
Items = tuple[Json, ...]


def published(work: Work, request: AuditSent) -> SentPage:
    """Outbox rows by position, and the last position that exists."""
    items, more = _rows(work, request, PUBLISHED, PUBLISHED_BY_ID)
    return SentPage(items=items, checked=len(items), next=more, end=work.connection.execute(END).scalar_one())


def unsent(work: Work, request: AuditUnsent) -> OutboxPage:
    """Outbox rows that are due and unsent, or cannot be sent; the first page counts all unsent rows."""
    items, more = _rows(work, request, UNSENT, UNSENT_BY_ID)
    first = request.after is None and request.ids is None
    return OutboxPage(
        items=items, checked=work.connection.execute(WAITING).scalar_one() if first else 0, next=more
    )


def subscriptions(work: Work) -> Documents:
    """The consumers with their topics, whether they handle the topic's replies, and since when."""
    found = work.connection.execute(SUBSCRIPTIONS).mappings()
    items = tuple({**row, "since": row["since"].isoformat()} for row in found)
    return Documents(items=items, checked=len(items))


def unhandled(work: Work, request: AuditHandled) -> Documents:
    """Which consumers have not handled which of these messages, with the state of the last dead letter, if any."""
    both = ((False, request.messages), (True, request.replies))
    requested = [(str(each), topic, reply) for reply, by in both for topic, ids in by.items() for each in ids]
    ids, topics, replies = ([one[place] for one in requested] for place in range(3))
    found = work.connection.execute(UNHANDLED, {"ids": ids, "topics": topics, "replies": replies})
    return Documents(items=tuple(map(_missing, found)), checked=len(requested))


def dead_letters(work: Work, request: AuditDeadLetters) -> AuditPage:
    """The open dead letters."""
    return page(work, DEAD_LETTERS, request, key="dead_letter_id")


def _rows(work: Work, request: AuditOutboxRequest, by_position: str, by_id: str) -> tuple[Items, int | None]:
    """Rows, and the position after which to continue if there may be more."""
    if request.ids is not None:
        return _items(work, by_id, ids=[str(each) for each in request.ids]), None
    items = _items(work, by_position, after=request.after or 0, limit=request.limit)
    return items, items[-1]["position"] if len(items) == request.limit else None


def _items(work: Work, query: str, **terms: Any) -> Items:
    return tuple(work.connection.execute(text(PAGE.format(query)), terms).scalar_one())


def _missing(row: Any) -> Json:
    closed = row.closed_at and row.closed_at.isoformat()
    return {
        "message_id": str(row.message_id),
        "consumer": row.consumer,
        "dead_letter_state": row.dead_letter_state,
        "closed_at": closed,
    }
