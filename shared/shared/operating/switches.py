"""Switches for operators: list and turn. Each change is logged in the operator log."""

import sqlalchemy as sa
from sqlalchemy import RowMapping
from sqlalchemy.dialects.postgresql import insert

from shared import manifest, observe, operator_actions
from shared.contracts.operating.requests import SetSwitch
from shared.contracts.operating.views import Switch
from shared.contracts.pages import Page
from shared.contracts.texts import BilingualText
from shared.errors import NotFound
from shared.operating import log
from shared.switches import table
from shared.work import Work

# Changes are serialised, so that each is logged once; reads do not wait.
ONE_AT_A_TIME = sa.text("LOCK TABLE switches IN SHARE ROW EXCLUSIVE MODE")
ACTIONS = {True: "switch.turn_on", False: "switch.turn_off"}


class SwitchNotFound(NotFound):
    """The switch does not exist."""

    code = "switch_not_found"


def page(work: Work, service: str) -> Page[Switch]:
    """All switches of a service, in the order of the manifest."""
    rows = {row["name"]: row for row in work.connection.execute(sa.select(table)).mappings()}
    declared = manifest.get().switches_of(service).values()
    return Page(items=tuple(_view(switch, rows.get(switch.name)) for switch in declared), next=None)


def turn(work: Work, service: str, actor: str, request: SetSwitch) -> Switch:
    """Turn a switch on or off, unless it is in that state already. Raises SwitchNotFound."""
    declared = manifest.get().switches_of(service).get(request.name)
    if declared is None:
        raise SwitchNotFound(switch=request.name)
    work.connection.execute(ONE_AT_A_TIME)
    row = _row(work, request.name)
    if (row is None or row["is_on"]) is not request.is_on:
        row = _turned(work, actor, request)
    operator_actions.settle()
    return _view(declared, row)


def measure(work: Work, service: str) -> None:
    """Set the gauge of each switch of a service."""
    for switch in page(work, service).items:
        observe.switches.labels(switch.name).set(switch.is_on)


def _row(work: Work, name: str) -> RowMapping | None:
    return work.connection.execute(sa.select(table).where(table.c.name == name)).mappings().one_or_none()


def _turned(work: Work, actor: str, request: SetSwitch) -> RowMapping:
    """Turn the switch and log it."""
    new = {"is_on": request.is_on, "changed_at": work.now, "changed_by": actor, "reason": request.reason}
    rows = insert(table).values(name=request.name, **new).on_conflict_do_update(index_elements=["name"], set_=new)
    log.note(
        work,
        actor=actor,
        action=ACTIONS[request.is_on],
        about=f"switch {request.name}",
        note=request.reason,
        before={"is_on": not request.is_on},
        after={"is_on": request.is_on},
    )
    return work.connection.execute(rows.returning(table)).mappings().one()


def _view(switch: manifest.Switch, row: RowMapping | None) -> Switch:
    """`row` is None for a switch that was never changed."""
    return Switch(
        name=switch.name,
        allows=BilingualText(zh=switch.zh, en=switch.en),
        is_on=row["is_on"] if row else True,
        changed_at=row["changed_at"] if row else None,
        changed_by=row["changed_by"] if row else None,
        reason=row["reason"] if row else None,
    )
