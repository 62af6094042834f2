"""Repairs that the auditor asks for: once, under a lock, with an entry in the operator log of what was done."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from shared.auth import Caller
from shared.contracts.auditing.views import Repaired
from shared.operating import log
from shared.operating.tables import operator_log
from shared.work import Work

AGAIN_AFTER = timedelta(hours=1)  # what was commanded may take its time: it is not commanded again sooner
LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")


def repair(work: Work, caller: Caller, action: str, about: str, repair: Callable[[], bool]) -> Repaired:
    """Let `mend` look under its locks, and mend what is still broken; it says whether it was."""
    work.connection.execute(LOCK, {"what": f"{action} {about}"})
    if _lately(work, action, about) or not repair():
        return Repaired(repaired=False)
    log.note(work, actor=f"auditor {caller.user_id}", action=action, about=about, note="commanded by the auditor")
    return Repaired(repaired=True)


def _lately(work: Work, action: str, about: str) -> bool:
    same = sa.select(sa.func.max(operator_log.c.at)).where(
        operator_log.c.about == about, operator_log.c.action == action
    )
    last = work.connection.execute(same).scalar()
    return last is not None and last > work.now - AGAIN_AFTER
