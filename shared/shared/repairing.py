"""Repairs of findings, by the auditor or an operator: executed once, under a lock, with a log entry."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from shared.auth import Caller
from shared.contracts.auditing.views import Repaired
from shared.operating import log
from shared.operating.tables import operator_log
from shared.permissions import Role
from shared.work import Work

AGAIN_AFTER = timedelta(hours=1)  # a repair is not repeated sooner, since its effect may take time
LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")


def repair(work: Work, caller: Caller, action: str, about: str, carry_out: Callable[[], bool]) -> Repaired:
    """Run `carry_out`, which checks under its locks whether it is still needed and returns whether it was."""
    work.connection.execute(LOCK, {"what": f"{action} {about}"})
    if _lately(work, action, about) or not carry_out():
        return Repaired(repaired=False)
    by_auditor = Role.AUDITOR in caller.roles
    actor, note = (
        (f"auditor {caller.user_id}", "commanded by the auditor") if by_auditor else (str(caller.user_id), "")
    )
    log.note(work, actor=actor, action=action, about=about, note=note)
    return Repaired(repaired=True)


def _by(caller: Caller) -> dict[str, str]:
    """Who repairs, and why: an operator's reason is in the entry of his request."""
    if Role.AUDITOR in caller.roles:
        return {"actor": f"auditor {caller.user_id}", "note": "commanded by the auditor"}
    return {"actor": str(caller.user_id), "note": "requested by an operator, for a finding"}


def _lately(work: Work, action: str, about: str) -> bool:
    same = sa.select(sa.func.max(operator_log.c.at)).where(
        operator_log.c.about == about, operator_log.c.action == action
    )
    last = work.connection.execute(same).scalar()
    return last is not None and last > work.now - AGAIN_AFTER
