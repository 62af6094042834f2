"""What a service that holds something of persons shows the auditor: `class OrdersService(ErasesPersons, …)`."""

from typing import Any

import sqlalchemy as sa

from shared import shapes
from shared.audit_pages import Wanted, uuids
from shared.auth import Caller
from shared.db import OpenWork
from shared.permissions import Role
from shared.personal.erasing import Eraser
from shared.personal.tables import erased_person
from shared.rpc import rpc
from shared.work import Work

Json = dict[str, Any]


class ErasesPersons:
    """To be inherited by a service that holds something of persons: what it shows the auditor of erasures."""

    work: OpenWork[Any]
    eraser: Eraser

    @rpc(allow=Role.AUDITOR)
    def audit_erasures(self, _caller: Caller, request: Json) -> Json:
        """Those erased of whom something is left, a page at a time."""
        with self.work() as work:
            return audit_page(work, self.eraser, shapes.load(Wanted, request))


def audit_page(work: Work, eraser: Eraser, wanted: Wanted) -> Json:
    """A page of `audit_erasures`: `{"user_id", "since", "left": rows that hold something}` for each of them."""
    left = eraser.left().label("left")
    chosen = sa.select(erased_person, left).order_by(erased_person.c.user_id)
    if wanted.ids is not None:
        chosen = chosen.where(erased_person.c.user_id.in_(uuids("ids", wanted.ids)))
    else:
        behind = uuids("after", (wanted.after,) if wanted.after else ())
        after = [erased_person.c.user_id > each for each in behind]
        chosen = chosen.where(*after).limit(wanted.limit)
    rows = work.connection.execute(chosen).all()
    items = [
        {"user_id": str(row.user_id), "since": row.erased_at.isoformat(), "left": row.left}
        for row in rows
        if row.left
    ]
    more = wanted.ids is None and len(rows) == wanted.limit
    return {"items": items, "checked": len(rows), "next": str(rows[-1].user_id) if more else None}
