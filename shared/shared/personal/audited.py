"""The audit query for erasures of a service with personal data: `class OrdersService(ErasesPersons, …)`."""

from typing import Any

import sqlalchemy as sa

from shared.auth import Caller
from shared.contracts.auditing.requests import AuditErasures
from shared.contracts.auditing.views import AuditPage
from shared.db import OpenWork
from shared.entrypoints import answers
from shared.personal.erasing import Eraser
from shared.personal.tables import erased_person
from shared.work import Work


class ErasesPersons:
    """Mixin for a service with personal data: answers the audit query for erasures."""

    work: OpenWork[Any]
    eraser: Eraser

    @answers(AuditErasures)
    def audit_erasures(self, work: Work, _caller: Caller, request: AuditErasures) -> AuditPage:
        """The erased persons with remaining personal data, by page."""
        return audit_page(work, self.eraser, request)


def audit_page(work: Work, eraser: Eraser, request: AuditErasures) -> AuditPage:
    """A page of `audit_erasures`: `{"user_id", "since", "left": number of rows with personal data}` for each."""
    left = eraser.left().label("left")
    chosen = sa.select(erased_person, left).order_by(erased_person.c.user_id)
    if request.ids is not None:
        chosen = chosen.where(erased_person.c.user_id.in_(request.ids))
    else:
        after = [erased_person.c.user_id > request.after] if request.after else []
        chosen = chosen.where(*after).limit(request.limit)
    rows = work.connection.execute(chosen).all()
    items = tuple(
        {"user_id": str(row.user_id), "since": row.erased_at.isoformat(), "left": row.left}
        for row in rows
        if row.left
    )
    more = request.ids is None and len(rows) == request.limit
    return AuditPage(items=items, checked=len(rows), next=str(rows[-1].user_id) if more else None)
