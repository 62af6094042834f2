"""The operator log: who did what, when and why, in the transaction of what it tells of. It is only appended to."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared import acts
from shared.acts import Act
from shared.ids import first_since, new_id
from shared.operating.tables import operator_log
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
    a request is written down without this as well (shared.acts); this then takes that entry's place.
    """
    acts.settle()
    entry_id = new_id()
    entry = {"entry_id": entry_id, "at": work.now, "actor": actor, "action": action, "about": about}
    work.connection.execute(sa.insert(operator_log).values(**entry, note=note, before=before, after=after))
    return entry_id


def write(work: Work, act: Act) -> None:
    """Write down a privileged act; of equal reads one within READ_AGAIN."""
    about, reason = act.about or _about(act.request), act.request.get("note") or act.request.get("reason") or ""
    if act.reads and _was_noted(work, act, about):
        return
    facts = {"before": act.before or None, "after": act.after or None}
    note(work, actor=act.actor, action=act.action, about=about, note=str(reason), **facts)


def _was_noted(work: Work, act: Act, about: str) -> bool:
    which = {"actor": act.actor, "action": act.action, "about": about}
    same = [operator_log.c[name] == value for name, value in which.items()]
    lately = sa.select(sa.true()).where(*same, operator_log.c.entry_id >= first_since(work.now - READ_AGAIN))
    return work.connection.execute(lately.limit(1)).scalar() is not None


def _about(request: Json) -> str:
    """The first thing that a request names by its id: "order <id>"."""
    named = [f"{name.removesuffix('_id')} {value}" for name, value in request.items() if name.endswith("_id")]
    return named[0] if named else f"shop {request['shop']}" if "shop" in request else ""


def entries(
    work: Work,
    *,
    about: str | None = None,
    action: str | None = None,
    after: UUID | None = None,
    limit: int = 20,
) -> Json:
    """A page of the log, the newest first: {"items": […], "next": cursor or null}."""
    which = [operator_log.c.about == about] if about else []
    which += [operator_log.c.action == action] if action else []
    which += [operator_log.c.entry_id < after] if after else []
    rows = sa.select(operator_log).where(*which).order_by(operator_log.c.entry_id.desc()).limit(limit + 1)
    found = [_entry(row) for row in work.connection.execute(rows).mappings()]
    return {"items": found[:limit], "next": found[limit - 1]["entry_id"] if len(found) > limit else None}


def _entry(row: Any) -> Json:
    return {**row, "entry_id": str(row["entry_id"]), "at": row["at"].isoformat()}
