"""The operator log: who did what, when and why, written in the transaction of the action. It is append-only.

It is also the audit log of personal data: who was shown or changed another person's data, by ids.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared import operator_actions
from shared.contracts.operating.requests import ListOperatorLog
from shared.contracts.operating.views import LogEntry
from shared.contracts.pages import Page, page
from shared.ids import first_since, new_id
from shared.operating.tables import operator_log
from shared.operator_actions import OperatorAction
from shared.round_trips import later
from shared.work import Work

Json = dict[str, Any]
SLACK = timedelta(minutes=10)  # between the time of a transaction and the ids that it makes
READ_AGAIN = timedelta(hours=1)  # else a polled page would fill the append-only log


def note(
    work: Work,
    *,
    actor: str,
    action: str,
    about: str,
    note: str = "",
    before: Json | None = None,
    after: Json | None = None,
) -> UUID:
    """Log an action of `actor` in this transaction, with reason and the states before and after. Returns the id.

    `action` is a stable name such as `saga.resume`, `about` the object: "saga <id>". Requests of operators are
    logged automatically (shared.operator_actions); this entry replaces the automatic one.
    """
    operator_actions.settle()
    entry_id = new_id()
    entry = {"entry_id": entry_id, "at": work.now, "actor": actor, "action": action, "about": about}
    later(work.connection, sa.insert(operator_log).values(**entry, note=note, before=before, after=after))
    return entry_id


def write(work: Work, action: OperatorAction) -> None:
    """Log an action; equal reads once within READ_AGAIN. Reasons are logged of privileged actions only."""
    about, reason = action.about or _about(action.request), _reason(action.request) if action.privileged else ""
    if action.reads and _was_logged(work, action, about):
        return
    facts = {"before": action.before or None, "after": action.after or None}
    note(work, actor=action.actor, action=action.action, about=about, note=reason, **facts)


def _was_logged(work: Work, action: OperatorAction, about: str) -> bool:
    which = {"actor": action.actor, "action": action.action, "about": about}
    same = [operator_log.c[name] == value for name, value in which.items()]
    lately = sa.select(sa.true()).where(*same, operator_log.c.entry_id >= first_since(work.now - READ_AGAIN))
    return work.connection.execute(lately.limit(1)).scalar() is not None


def _reason(request: Json) -> str:
    """The reason given in a request."""
    return str(request.get("note") or request.get("reason") or request.get("reason_text") or "")


def _about(request: Json) -> str:
    """The first object that a request names by its id: "order <id>"."""
    named = [f"{name.removesuffix('_id')} {value}" for name, value in request.items() if name.endswith("_id")]
    return named[0] if named else f"shop {request['shop']}" if "shop" in request else ""


def entries(work: Work, request: ListOperatorLog) -> Page[LogEntry]:
    """A page of the log, the newest first."""
    named = {"about": request.about, "action": request.action, "actor": request.actor}
    which = [operator_log.c[name] == value for name, value in named.items() if value]
    newest_first = operator_log.c.entry_id.desc()
    wanted = sa.select(operator_log).where(*which, *_between(request))
    rows = wanted.order_by(newest_first).limit(request.limit + 1)
    found = work.connection.execute(rows).mappings().all()
    return page(found, lambda row: LogEntry(**row), lambda row: row["entry_id"], request.limit)


def _between(request: ListOperatorLog) -> Iterator[sa.ColumnElement[bool]]:
    """Before the cursor, and within the time: by the ids, which are in its order, and exactly by the time."""
    if request.cursor:
        yield operator_log.c.entry_id < request.cursor
    if request.since:
        yield operator_log.c.entry_id >= first_since(request.since - SLACK)
        yield operator_log.c.at >= request.since
    if request.until:
        yield operator_log.c.entry_id < first_since(request.until + SLACK)
        yield operator_log.c.at < request.until
