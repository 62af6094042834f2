"""What becomes of dead letters: tried again, one or all of a kind, or put away. Once, however often it is asked.

A letter that is tried again leaves through the outbox, to the queue that it came from, as it was: its consumer's
inbox knows a message that was handled meanwhile. If it fails again, it comes back as a new letter.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared import acts, outbox, windows
from shared.delivery import RETRIED, Delivery, Unreadable, opened
from shared.errors import Conflict, Invalid
from shared.operating import letters, log
from shared.operating.letter import own_headers
from shared.operating.schemas import ArchiveLetter, LetterState, RetryLetter, RetryLetters
from shared.operating.tables import dead_letter as table
from shared.work import Work

Json = dict[str, Any]
MOST = 500  # letters in one transaction
FIRST = UUID(int=0)  # sorts before all letters
ACTIONS = {LetterState.RETRIED: "dead_letter.retry", LetterState.ARCHIVED: "dead_letter.archive"}


class LetterClosed(Conflict):
    """The letter is not open any more: somebody had it tried again, or put it away."""

    code = "dead_letter_closed"


class LetterUnreadable(Conflict):
    """The letter cannot be read by its consumer, so that trying again cannot help; it can be archived."""

    code = "dead_letter_unreadable"


class LetterTooOld(Conflict):
    """It failed so long ago that nobody would remember whether it was handled since; it can be archived."""

    code = "dead_letter_too_old"


class BadCursor(Invalid):
    """The cursor is none that an answer gave."""

    code = "bad_cursor"


def retry(work: Work, actor: str, wish: RetryLetter) -> Json:
    """Have a letter tried again; one that is, stays so.

    Raises NoSuchLetter, LetterClosed, LetterUnreadable, LetterTooOld.
    """
    row = letters.find(work, wish.letter_id, lock=True)
    if _to_do(row, LetterState.RETRIED):
        work.send(_outgoing(row))
        _close(work, actor, [row], LetterState.RETRIED)
        _note(work, actor, row, LetterState.RETRIED, wish.note)
    acts.settle()
    return letters.one(work, wish.letter_id)


def archive(work: Work, actor: str, wish: ArchiveLetter) -> Json:
    """Put a letter away; one that is, stays so. Raises NoSuchLetter, LetterClosed."""
    row = letters.find(work, wish.letter_id, lock=True)
    if _to_do(row, LetterState.ARCHIVED):
        _close(work, actor, [row], LetterState.ARCHIVED)
        _note(work, actor, row, LetterState.ARCHIVED, wish.note)
    acts.settle()
    return letters.one(work, wish.letter_id)


def retry_all(work: Work, actor: str, wish: RetryLetters) -> Json:
    """Have the open letters of a kind tried again, MOST at a time, the oldest first.

    `next` is the cursor for the rest, null when there is none. Letters that come after the first call are not
    among them, so that what fails again at once is not tried for ever. The unreadable ones stay open, and
    so do those that are too old.
    """
    after, through = _read_cursor(wish.cursor)
    through = through or _newest(work)
    rows = work.connection.execute(_open(wish, after, through).limit(MOST).with_for_update()).mappings().all()
    readable = [row for row in rows if _is_readable(row)]
    for row in readable:
        work.send(_outgoing(row))
    _close(work, actor, readable, LetterState.RETRIED)
    done = {"retried": len(readable), "unreadable": len(rows) - len(readable)}
    if readable:
        _note_all(work, actor, wish, [str(row["letter_id"]) for row in readable])
    acts.settle()
    last = rows[-1]["letter_id"] if rows else after or FIRST
    more = work.connection.execute(_open(wish, last, through).limit(1)).first()
    return {**done, "next": f"{last}_{through}" if more else None}


def _to_do(row: Any, wanted: LetterState) -> bool:
    """Whether the letter is still to be brought there."""
    if row["state"] not in {LetterState.OPEN, wanted}:
        raise LetterClosed(state=row["state"])
    is_open = bool(row["state"] == LetterState.OPEN)
    if is_open and wanted is LetterState.RETRIED:
        _check(row)
    return is_open


def _check(row: Any) -> None:
    """Raise LetterUnreadable or LetterTooOld for one that must not be tried again."""
    if not _is_readable(row):
        raise LetterUnreadable
    if (row["first_failed_at"] or row["arrived_at"]) < datetime.now(UTC) - windows.BY_HAND:
        raise LetterTooOld


def _is_readable(row: Any) -> bool:
    """Whether its consumer could read it now; the outbox holds text, and so does JSON in UTF-8."""
    body = bytes(row["body"])
    try:
        opened(Delivery(body, row["headers"]))
        return b"\0" not in body and bool(body.decode())
    except (Unreadable, UnicodeDecodeError):
        return False


def _outgoing(row: Any) -> Json:
    headers = {**own_headers(row["headers"]), RETRIED: row["retried"] + 1}
    return outbox.again(row["message_id"], row["topic"], bytes(row["body"]).decode(), headers, row["queue"])


def _close(work: Work, actor: str, rows: Sequence[Any], state: LetterState) -> None:
    which = table.c.letter_id.in_([row["letter_id"] for row in rows])
    closed = {"state": state, "closed_at": work.now, "closed_by": actor}
    work.connection.execute(sa.update(table).where(which, table.c.state == LetterState.OPEN).values(**closed))


def _note(work: Work, actor: str, row: Any, state: LetterState, note: str) -> None:
    before = {"state": row["state"], "topic": row["topic"], "exception": row["exception"]}
    about, action = f"dead letter {row['letter_id']}", ACTIONS[state]
    log.note(work, actor=actor, action=action, about=about, note=note, before=before, after={"state": state})


def _note_all(work: Work, actor: str, wish: RetryLetters, letter_ids: list[str]) -> None:
    which = {"topic": wish.topic, "exception": wish.exception}
    log.note(
        work,
        actor=actor,
        action="dead_letter.retry_all",
        about=f"dead letters {wish.topic or 'of all topics'}",
        note=wish.note,
        before={"state": LetterState.OPEN, **which},
        after={"state": LetterState.RETRIED, "letter_ids": letter_ids},
    )


def _newest(work: Work) -> UUID:
    newest = sa.select(table.c.letter_id).order_by(table.c.letter_id.desc()).limit(1)
    return work.connection.execute(newest).scalar() or FIRST


def _open(wish: RetryLetters, after: UUID | None, through: UUID) -> sa.Select[Any]:
    failed_at = sa.func.coalesce(table.c.first_failed_at, table.c.arrived_at)
    which = [table.c.state == LetterState.OPEN, table.c.letter_id <= through]
    which += [failed_at >= sa.func.now() - windows.BY_HAND]
    which += [table.c.letter_id > after] if after else []
    which += [table.c.topic == wish.topic] if wish.topic else []
    which += [table.c.exception == wish.exception] if wish.exception else []
    return sa.select(table).where(*which).order_by(table.c.letter_id)


def _read_cursor(cursor: str | None) -> tuple[UUID | None, UUID | None]:
    """The letter that the last call came to, and the last one there was at the first call."""
    if cursor is None:
        return None, None
    try:
        after, through = map(UUID, cursor.split("_"))
    except ValueError:
        raise BadCursor from None
    return after, through
