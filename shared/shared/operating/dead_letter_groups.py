"""Dead letters of a kind: groups by topic and exception with their numbers, and archiving a group."""

from typing import Any

import sqlalchemy as sa

from shared import operator_actions, retention_periods
from shared.contracts.operating.requests import ArchiveDeadLetters, ListDeadLetterGroups
from shared.contracts.operating.views import DeadLetterGroup, DeadLettersArchived, DeadLetterState
from shared.contracts.pages import Page
from shared.operating import log
from shared.operating.dead_letter_actions import FIRST, MOST, close, newest, open_ones, read_cursor
from shared.operating.tables import dead_letter as table
from shared.work import Work

MOST_GROUPS = 200
FAILED_AT = sa.func.coalesce(table.c.first_failed_at, table.c.arrived_at)


def groups(work: Work, request: ListDeadLetterGroups) -> Page[DeadLetterGroup]:
    """The groups of dead letters in a state, the largest first; at most MOST_GROUPS."""
    kind = (table.c.topic, table.c.exception)
    number = sa.func.count().label("number")
    too_old = sa.func.count().filter(sa.func.now() - retention_periods.BY_HAND > FAILED_AT)
    facts = {
        "too_old": too_old,
        "oldest_at": sa.func.min(FAILED_AT),
        "newest_at": sa.func.max(table.c.arrived_at),
        "queue": sa.func.min(table.c.queue),
        "message": sa.func.max(sa.func.left(table.c.message, 300)),
    }
    counted = sa.select(*kind, number, *(fact.label(name) for name, fact in facts.items()))
    of_state = counted.where(table.c.state == request.state).group_by(*kind)
    rows = work.connection.execute(of_state.order_by(number.desc(), *kind).limit(MOST_GROUPS)).mappings()
    return Page(items=tuple(DeadLetterGroup(state=request.state, **row) for row in rows), next=None)


def archive_all(work: Work, actor: str, request: ArchiveDeadLetters) -> DeadLettersArchived:
    """Archive the open dead letters of a topic, and exception if given, MOST at a time, the oldest first.

    `next` is the cursor for the rest. Dead letters that arrive after the first call are excluded.
    """
    after, through = read_cursor(request.cursor)
    through = through or newest(work)
    rows = (
        work.connection.execute(_of_kind(request, after, through).limit(MOST).with_for_update()).mappings().all()
    )
    close(work, actor, rows, DeadLetterState.ARCHIVED)
    if rows:
        _note(work, actor, request, [str(row["dead_letter_id"]) for row in rows])
    operator_actions.settle()
    last = rows[-1]["dead_letter_id"] if rows else after or FIRST
    more = work.connection.execute(_of_kind(request, last, through).limit(1)).first()
    return DeadLettersArchived(archived=len(rows), next=f"{last}_{through}" if more else None)


def _of_kind(request: ArchiveDeadLetters, after: Any, through: Any) -> sa.Select[Any]:
    return open_ones(request.topic, request.exception, after, through)


def _note(work: Work, actor: str, request: ArchiveDeadLetters, dead_letter_ids: list[str]) -> None:
    log.note(
        work,
        actor=actor,
        action="dead_letter.archive_all",
        about=f"dead letters {request.topic}"[:100],
        note=request.note,
        before={"state": DeadLetterState.OPEN, "topic": request.topic, "exception": request.exception},
        after={"state": DeadLetterState.ARCHIVED, "dead_letter_ids": dead_letter_ids},
    )
