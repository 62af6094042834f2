"""The operator log: who did what, when and why, in the transaction of what it tells of. It is only appended to."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.ids import new_id
from shared.operating.tables import operator_log
from shared.work import Work

Json = dict[str, Any]


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

    `action` is a stable word such as `saga.resume`, `about` names the thing: "saga <id>".
    """
    entry_id = new_id()
    entry = {"entry_id": entry_id, "at": work.now, "actor": actor, "action": action, "about": about}
    work.connection.execute(sa.insert(operator_log).values(**entry, note=note, before=before, after=after))
    return entry_id


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
