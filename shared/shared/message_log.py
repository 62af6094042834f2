"""What a service has said and handled, as its auditor sees it: ids, topics and moments, in pages."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared import shapes
from shared.audit_pages import page
from shared.work import Work

MOST = 1000  # rows of a page
COLUMNS = """
    position, message_id, topic, kind, subject, queue, headers ? 'in_reply_to' AS is_reply, created_at AS said_at,
    not_before, sent_at, failed_at, error
"""
DUE = "(not_before <= now() OR error IS NOT NULL)"  # a row that was put off has an error, and is late already
SAID = f"SELECT {COLUMNS} FROM outbox WHERE position > :after ORDER BY position LIMIT :limit"  # noqa: S608
SAID_BY_ID = f"SELECT {COLUMNS} FROM outbox WHERE message_id = ANY(CAST(:ids AS uuid[]))"  # noqa: S608
# Each part reads an index of its own, which holds no sent rows.
UNSENT_PARTS = [
    f"(SELECT {COLUMNS} FROM outbox WHERE {which} AND position > :after ORDER BY position LIMIT :limit)"  # noqa: S608
    for which in (
        "sent_at IS NULL AND failed_at IS NULL AND not_before IS NULL",
        f"sent_at IS NULL AND failed_at IS NULL AND not_before IS NOT NULL AND {DUE}",
        "failed_at IS NOT NULL",
    )
]
UNSENT = " UNION ALL ".join(UNSENT_PARTS) + " ORDER BY position LIMIT :limit"
UNSENT_BY_ID = f"{SAID_BY_ID} AND sent_at IS NULL AND (failed_at IS NOT NULL OR not_before IS NULL OR {DUE})"
PAGE = "SELECT coalesce(json_agg(page ORDER BY position), '[]') FROM ({}) AS page"
END = text("SELECT coalesce(max(position), 0) FROM outbox")
COUNTED = 100_000  # of each kind: a count is one statement
SOME = f"(SELECT count(*) FROM (SELECT FROM outbox WHERE {{}} LIMIT {COUNTED}) AS counted)"  # noqa: S608
WAITING = text(
    " ".join(
        (
            "SELECT",
            SOME.format("sent_at IS NULL AND failed_at IS NULL AND not_before IS NULL"),
            "+",
            SOME.format("sent_at IS NULL AND failed_at IS NULL AND not_before IS NOT NULL"),
            "+",
            SOME.format("failed_at IS NOT NULL"),
        )
    )
)
SUBSCRIPTIONS = text("SELECT consumer, topic, replies, since FROM listening ORDER BY consumer, topic, replies")
UNHANDLED = text("""
    SELECT requested.message_id, consumer, letter.state AS letter, letter.closed_at
    FROM unnest(CAST(:ids AS uuid[]), CAST(:topics AS text[]), CAST(:replies AS boolean[]))
        AS requested (message_id, topic, is_reply)
    JOIN listening ON listening.topic = requested.topic AND listening.replies = requested.is_reply
    LEFT JOIN LATERAL (
        SELECT state, closed_at FROM dead_letter WHERE dead_letter.message_id = requested.message_id
        ORDER BY dead_letter_id DESC LIMIT 1
    ) AS letter ON true
    WHERE NOT EXISTS (
        SELECT FROM inbox WHERE inbox.consumer = listening.consumer AND inbox.message_id = requested.message_id
    )
    ORDER BY requested.message_id, consumer
""")
LETTERS = """
seen AS (
    SELECT dead_letter_id, message_id, topic, queue, exception, arrived_at FROM dead_letter
    WHERE state = 'open' AND {which}
),
found AS (SELECT * FROM seen)
"""
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The outbox rows behind the position `after`, or those of some messages."""

    after: int | None = None
    limit: int = shapes.whole(1, MOST, default=500)
    ids: list[UUID] | None = None


@dataclass(frozen=True, kw_only=True)
class Messages:
    """The ids of commands and facts by topic, and those of replies."""

    messages: dict[str, list[UUID]] = field(default_factory=dict)
    replies: dict[str, list[UUID]] = field(default_factory=dict)


def published(work: Work, request: Json) -> Json:
    """Outbox rows by position, with the last position there is: behind it nothing can have been looked at."""
    return {**_page(work, request, SAID, SAID_BY_ID), "end": work.connection.execute(END).scalar_one()}


def unsent(work: Work, request: Json) -> Json:
    """Outbox rows that should have left, and those that never will; the first page counts all that wait."""
    page = _page(work, request, UNSENT, UNSENT_BY_ID)
    first = request.get("after") is None and request.get("ids") is None
    return {**page, "checked": work.connection.execute(WAITING).scalar_one() if first else 0}


def subscriptions(work: Work) -> Json:
    """The consumers, with their topics, whether they hear the replies or the rest of it, and since when."""
    found = work.connection.execute(SUBSCRIPTIONS).mappings()
    return {"items": [{**row, "since": row["since"].isoformat()} for row in found]}


def unhandled(work: Work, request: Json) -> Json:
    """Which of these messages a consumer has not handled, and what became of their last dead letter, if any."""
    wanted = shapes.load(Messages, request)
    both = ((False, wanted.messages), (True, wanted.replies))
    requested = [(str(each), topic, reply) for reply, by in both for topic, ids in by.items() for each in ids]
    ids, topics, replies = ([one[place] for one in requested] for place in range(3))
    found = work.connection.execute(UNHANDLED, {"ids": ids, "topics": topics, "replies": replies})
    return {"items": [_missing(row) for row in found], "checked": len(requested)}


def dead_letters(work: Work, request: Json) -> Json:
    """The dead letters that nobody has seen to."""
    return page(work, LETTERS, request, key="dead_letter_id")


def _page(work: Work, request: Json, by_position: str, by_id: str) -> Json:
    wanted = shapes.load(Rows, request)
    if wanted.ids is not None:
        items = _items(work, by_id, ids=[str(each) for each in wanted.ids])
        return {"items": items, "checked": len(items), "next": None}
    items = _items(work, by_position, after=wanted.after or 0, limit=wanted.limit)
    more = len(items) == wanted.limit
    return {"items": items, "checked": len(items), "next": items[-1]["position"] if more else None}


def _items(work: Work, query: str, **terms: Any) -> list[Json]:
    return work.connection.execute(text(PAGE.format(query)), terms).scalar_one()


def _missing(row: Any) -> Json:
    closed = row.closed_at and row.closed_at.isoformat()
    return {"message_id": str(row.message_id), "consumer": row.consumer, "letter": row.letter, "closed_at": closed}
