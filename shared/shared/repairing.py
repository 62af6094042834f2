"""Repairs commanded by the auditor: executed once, under a lock, with an entry in the operator log."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from shared.auth import Caller
from shared.contracts.auditing.views import Repaired
from shared.operating import log
from shared.operating.tables import operator_log
from shared.work import Work

AGAIN_AFTER = timedelta(hours=1)  # a repair is not repeated sooner, since its effect may take time
LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")


def repair(work: Work, caller: Caller, action: str, about: str, carry_out: Callable[[], bool]) -> Repaired:
    """Run `carry_out`, which checks under its locks whether it is still needed and returns whether it was."""
    work.connection.execute(LOCK, {"what": f"{action} {about}"})
    if _lately(work, action, about) or not carry_out():
        return Repaired(repaired=False)
    log.note(work, actor=f"auditor {caller.user_id}", action=action, about=about, note="commanded by the auditor")
    return Repaired(repaired=True)


def _lately(work: Work, action: str, about: str) -> bool:
    same = sa.select(sa.func.max(operator_log.c.at)).where(
        operator_log.c.about == about, operator_log.c.action == action
    )
    last = work.connection.execute(same).scalar()
    return last is not None and last > work.now - AGAIN_AFTER
