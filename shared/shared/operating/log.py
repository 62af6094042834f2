"""The operator log: who did what, when and why, in the transaction of what it tells of. It is only appended to.

It is the audit log of personal data, too: who was shown or changed what tells of somebody else, by ids.
"""

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
from shared.work import Work

Json = dict[str, Any]
READ_AGAIN = timedelta(hours=1)  # a page that is polled would fill the log, from which nothing can be removed


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
    """Write down what `actor` does in this work, and why; how it stood before and stands after. Returns its id.

    `action` is a stable word such as `saga.resume`, `about` names the thing: "saga <id>". What an operator does by
    a request is written down without this as well (shared.operator_actions); this then takes that entry's place.
    """
    operator_actions.settle()
    entry_id = new_id()
    entry = {"entry_id": entry_id, "at": work.now, "actor": actor, "action": action, "about": about}
    work.connection.execute(sa.insert(operator_log).values(**entry, note=note, before=before, after=after))
    return entry_id


def write(work: Work, action: OperatorAction) -> None:
    """Write down an act; of equal reads one within READ_AGAIN. What others than operators type is not kept."""
    about, reason = action.about or _about(action.request), _reason(action.request) if action.privileged else ""
    if action.reads and _was_noted(work, action, about):
        return
    facts = {"before": action.before or None, "after": action.after or None}
    note(work, actor=action.actor, action=action.action, about=about, note=reason, **facts)


def _was_noted(work: Work, action: OperatorAction, about: str) -> bool:
    which = {"actor": action.actor, "action": action.action, "about": about}
    same = [operator_log.c[name] == value for name, value in which.items()]
    lately = sa.select(sa.true()).where(*same, operator_log.c.entry_id >= first_since(work.now - READ_AGAIN))
    return work.connection.execute(lately.limit(1)).scalar() is not None


def _reason(request: Json) -> str:
    """What was sent along with a request to say why."""
    return str(request.get("note") or request.get("reason") or request.get("reason_text") or "")


def _about(request: Json) -> str:
    """The first thing that a request names by its id: "order <id>"."""
    named = [f"{name.removesuffix('_id')} {value}" for name, value in request.items() if name.endswith("_id")]
    return named[0] if named else f"shop {request['shop']}" if "shop" in request else ""


def entries(work: Work, request: ListOperatorLog) -> Page[LogEntry]:
    """A page of the log, the newest first."""
    which = [operator_log.c.about == request.about] if request.about else []
    which += [operator_log.c.action == request.action] if request.action else []
    which += [operator_log.c.entry_id < request.cursor] if request.cursor else []
    newest_first = operator_log.c.entry_id.desc()
    rows = sa.select(operator_log).where(*which).order_by(newest_first).limit(request.limit + 1)
    found = work.connection.execute(rows).mappings().all()
    return page(found, lambda row: LogEntry(**row), lambda row: row["entry_id"], request.limit)
