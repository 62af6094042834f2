"""What operators do with dead letters: retry one or all of a kind, or archive. All of these are idempotent.

A retried dead letter is sent unchanged through the outbox to the queue that it came from. Its consumer's inbox
detects a message that was handled meanwhile. If it fails again, it becomes a new dead letter.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared import operator_actions, outbox, retention_periods
from shared.contracts.operating.requests import ArchiveDeadLetter, RetryDeadLetter, RetryDeadLetters
from shared.contracts.operating.views import DeadLetterDetail, DeadLettersRetried, DeadLetterState
from shared.delivery import RETRIED, Delivery, Unreadable, read_envelope
from shared.errors import Conflict, Invalid
from shared.operating import dead_letters, log
from shared.operating.dead_letter_row import own_headers
from shared.operating.tables import dead_letter as table
from shared.round_trips import later
from shared.work import Work

Json = dict[str, Any]
MOST = 500  # dead letters in one transaction
FIRST = UUID(int=0)  # sorts before all ids
ACTIONS = {DeadLetterState.RETRIED: "dead_letter.retry", DeadLetterState.ARCHIVED: "dead_letter.archive"}


class DeadLetterClosed(Conflict):
    """The dead letter is no longer open: it was retried or archived."""

    code = "dead_letter_closed"


class DeadLetterUnreadable(Conflict):
    """The consumer cannot read the dead letter, so a retry cannot succeed; it can be archived."""

    code = "dead_letter_unreadable"


class DeadLetterTooOld(Conflict):
    """The dead letter is too old: the record whether it was handled since may be removed; it can be archived."""

    code = "dead_letter_too_old"


class CursorInvalid(Invalid):
    """The cursor is not from an earlier answer."""

    code = "cursor_invalid"


def retry(work: Work, actor: str, request: RetryDeadLetter) -> DeadLetterDetail:
    """Retry a dead letter; one that was retried already is not sent again.

    Raises DeadLetterNotFound, DeadLetterClosed, DeadLetterUnreadable, DeadLetterTooOld.
    """
    row = dead_letters.find(work, request.dead_letter_id, lock=True)
    if _to_do(row, DeadLetterState.RETRIED):
        work.send(_outgoing(row))
        close(work, actor, [row], DeadLetterState.RETRIED)
        _note(work, actor, row, DeadLetterState.RETRIED, request.note)
    operator_actions.settle()
    return dead_letters.one(work, request.dead_letter_id)


def archive(work: Work, actor: str, request: ArchiveDeadLetter) -> DeadLetterDetail:
    """Archive a dead letter, if it is not archived already. Raises DeadLetterNotFound, DeadLetterClosed."""
    row = dead_letters.find(work, request.dead_letter_id, lock=True)
    if _to_do(row, DeadLetterState.ARCHIVED):
        close(work, actor, [row], DeadLetterState.ARCHIVED)
        _note(work, actor, row, DeadLetterState.ARCHIVED, request.note)
    operator_actions.settle()
    return dead_letters.one(work, request.dead_letter_id)


def retry_all(work: Work, actor: str, request: RetryDeadLetters) -> DeadLettersRetried:
    """Retry the open dead letters of a kind, MOST at a time, the oldest first.

    `next` is the cursor for the rest, null if there is none. Dead letters that arrive after the first call are
    excluded, so that those that fail again at once are not retried endlessly. Unreadable and old ones stay open.
    """
    after, through = read_cursor(request.cursor)
    through = through or newest(work)
    rows = work.connection.execute(_open(request, after, through).limit(MOST).with_for_update()).mappings().all()
    readable = [row for row in rows if _is_readable(row)]
    for row in readable:
        work.send(_outgoing(row))
    close(work, actor, readable, DeadLetterState.RETRIED)
    if readable:
        _note_all(work, actor, request, [str(row["dead_letter_id"]) for row in readable])
    operator_actions.settle()
    last = rows[-1]["dead_letter_id"] if rows else after or FIRST
    more = work.connection.execute(_open(request, last, through).limit(1)).first()
    following = f"{last}_{through}" if more else None
    return DeadLettersRetried(retried=len(readable), unreadable=len(rows) - len(readable), next=following)


def _to_do(row: Any, wanted: DeadLetterState) -> bool:
    """Whether the dead letter is still to be brought into the wanted state. Raises as `retry` does."""
    if row["state"] not in {DeadLetterState.OPEN, wanted}:
        raise DeadLetterClosed(state=row["state"])
    is_open = bool(row["state"] == DeadLetterState.OPEN)
    if is_open and wanted is DeadLetterState.RETRIED:
        _check(row)
    return is_open


def _check(row: Any) -> None:
    """Raise DeadLetterUnreadable or DeadLetterTooOld for one that must not be retried."""
    if not _is_readable(row):
        raise DeadLetterUnreadable
    check_age(row)


def check_age(row: Any) -> None:
    """Raise DeadLetterTooOld for one that must not be retried, since it may have been handled and forgotten."""
    if (row["first_failed_at"] or row["arrived_at"]) < datetime.now(UTC) - retention_periods.BY_HAND:
        raise DeadLetterTooOld


def _is_readable(row: Any) -> bool:
    """Whether its consumer could read it now, and the outbox can store its body as text."""
    body = bytes(row["body"])
    try:
        read_envelope(Delivery(body, row["headers"]))
        return b"\0" not in body and bool(body.decode())
    except (Unreadable, UnicodeDecodeError):
        return False


def _outgoing(row: Any) -> Json:
    headers = {**own_headers(row["headers"]), RETRIED: row["retried"] + 1}
    return outbox.again(row["message_id"], row["topic"], bytes(row["body"]).decode(), headers, row["queue"])


def close(work: Work, actor: str, rows: Sequence[Any], state: DeadLetterState) -> None:
    """Close these dead letters."""
    which = table.c.dead_letter_id.in_([row["dead_letter_id"] for row in rows])
    closed = {"state": state, "closed_at": work.now, "closed_by": actor}
    later(work.connection, sa.update(table).where(which, table.c.state == DeadLetterState.OPEN).values(**closed))


def _note(work: Work, actor: str, row: Any, state: DeadLetterState, note: str) -> None:
    before = {"state": row["state"], "topic": row["topic"], "exception": row["exception"]}
    about, action = f"dead letter {row['dead_letter_id']}", ACTIONS[state]
    log.note(work, actor=actor, action=action, about=about, note=note, before=before, after={"state": state})


def _note_all(work: Work, actor: str, request: RetryDeadLetters, dead_letter_ids: list[str]) -> None:
    which = {"topic": request.topic, "exception": request.exception}
    log.note(
        work,
        actor=actor,
        action="dead_letter.retry_all",
        about=f"dead letters {request.topic or 'of all topics'}",
        note=request.note,
        before={"state": DeadLetterState.OPEN, **which},
        after={"state": DeadLetterState.RETRIED, "dead_letter_ids": dead_letter_ids},
    )


def newest(work: Work) -> UUID:
    """The newest dead letter of all."""
    last = sa.select(table.c.dead_letter_id).order_by(table.c.dead_letter_id.desc()).limit(1)
    return work.connection.execute(last).scalar() or FIRST


def _open(request: RetryDeadLetters, after: UUID | None, through: UUID) -> sa.Select[Any]:
    failed_at = sa.func.coalesce(table.c.first_failed_at, table.c.arrived_at)
    young = failed_at >= sa.func.now() - retention_periods.BY_HAND
    return open_ones(request.topic, request.exception, after, through).where(young)


def open_ones(topic: str | None, exception: str | None, after: UUID | None, through: UUID) -> sa.Select[Any]:
    """Selects the open dead letters of a kind between these two, the oldest first."""
    which = [table.c.state == DeadLetterState.OPEN, table.c.dead_letter_id <= through]
    which += [table.c.dead_letter_id > after] if after else []
    which += [table.c.topic == topic] if topic else []
    which += [table.c.exception == exception] if exception else []
    return sa.select(table).where(*which).order_by(table.c.dead_letter_id)


def read_cursor(cursor: str | None) -> tuple[UUID | None, UUID | None]:
    """The last dead letter of the previous call, and the newest one at the first call."""
    if cursor is None:
        return None, None
    try:
        after, through = map(UUID, cursor.split("_"))
    except ValueError:
        raise CursorInvalid from None
    return after, through
