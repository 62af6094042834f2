"""What a saga does next: `decide(saga, instance, input)` gives the instance afterwards and the effects.

No I/O and no clock here, so that every rule can be tested by telling it stories.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.errors import Conflict
from shared.messages import Command, Event
from shared.sagas.definition import Ask, Await, Local, Saga, Step
from shared.sagas.instance import (
    ENDED,
    Alarm,
    Cancel,
    Effect,
    End,
    HandOver,
    Heard,
    Input,
    Instance,
    Ran,
    Rang,
    Resume,
    Run,
    Say,
    Skip,
    Status,
    Wake,
)

LONGEST_WAIT = timedelta(minutes=15)
ALARM_FROM = 4  # asked so often without an answer: somebody should know
UNDO_LIMIT = 12  # asked so often without an answer, an undo is stuck (after about two hours)

Decision = tuple[Instance, tuple[Effect, ...]]


class WrongMoment(Conflict):
    """The saga does not stand where that can be done."""

    code = "saga_wrong_moment"


def decide(saga: Saga, now: Instance, given: Input) -> Decision:
    """What follows from `given`. An input that is late, doubled or meant for another attempt changes nothing.

    Raises WrongMoment for an operator's wish that does not fit.
    """
    if now.status in ENDED:
        return now, ()
    return _HANDLERS[type(given)](saga, now, given)


def goes_back(saga: Saga, now: Instance) -> bool:
    """Tell whether the present step is being undone. Only an undo can be stuck before the pivot."""
    stuck_undo = now.status is Status.STUCK and not past_pivot(saga, now)
    return now.status is Status.UNDOING or stuck_undo


def past_pivot(saga: Saga, now: Instance) -> bool:
    """Tell whether there is no way back any more."""
    return now.step is not None and saga.places[now.step] > saga.pivot


def _heard(saga: Saga, now: Instance, given: Heard) -> Decision:
    now = _noted(saga, now, given.event)
    if given.answers is not None and given.answers == now.awaiting:
        return _answered(saga, now, given.event)
    if _turns_forward(saga, now, given.event):
        return _forward(saga, now)
    if now.status is Status.RUNNING and now.step in now.met:
        return _passed(saga, now)
    return now, ()


def _noted(saga: Saga, now: Instance, event: Event) -> Instance:
    """Remember an awaited fact, also one that comes early or as the answer to a command."""
    met = tuple(s.name for s in saga.awaits if s.name not in now.met and s.met_by(now.state, event))
    return replace(now, met=now.met + met)


def _answered(saga: Saga, now: Instance, event: Event) -> Decision:
    step = _asking(saga, now)
    yes, no = step.answers(back=goes_back(saga, now))
    if isinstance(event, yes):
        return _passed(saga, now)
    if isinstance(event, no):
        return _refused(saga, now, event)
    return now, ()


def _refused(saga: Saga, now: Instance, event: Event) -> Decision:
    reason = str(getattr(event, "reason", f"{now.step}_refused"))
    if _turns_forward(saga, now, event):
        return _forward(saga, now)
    if goes_back(saga, now) or past_pivot(saga, now):
        return _stick(replace(now, awaiting=None), reason)
    did_not_happen = tuple(name for name in now.undo if name != now.step)
    return _turn_back(saga, replace(now, undo=did_not_happen), reason)


def _passed(saga: Saga, now: Instance) -> Decision:
    """The present step is done, or undone."""
    assert now.step
    if goes_back(saga, now):
        return _back(saga, replace(now, undo=now.undo[:-1]))
    return _onward(saga, now, saga.places[now.step] + 1)


def _onward(saga: Saga, now: Instance, place: int) -> Decision:
    """Enter the first step from `place` on that has something to do."""
    now = replace(now, status=Status.RUNNING, awaiting=None)
    now, before = _beyond_pivot(now) if place > saga.pivot else (now, ())
    for step in saga.steps[place:]:
        if decision := _entered(saga, now, step):
            return decision[0], before + decision[1]
    ended, effects = _end(now, Status.DONE)
    return ended, before + effects


def _entered(saga: Saga, now: Instance, step: Step) -> Decision | None:
    there = replace(now, step=step.name)
    if isinstance(step, Await):
        return None if step.name in now.met else _wait(there, step)
    there = replace(there, undo=(*now.undo, step.name)) if step.undo else there
    if isinstance(step, Local):
        return there, (Run(step.name, back=False),)
    command = step.do(now.state)
    return _ask(saga, there, command, asked=1) if command else None


def _wait(now: Instance, step: Await) -> Decision:
    now = replace(now, attempt=now.attempt + 1)
    return now, (Wake(step.within(now.state)),) if step.within else ()


def _ask(saga: Saga, now: Instance, command: Command, asked: int) -> Decision:
    step = _asking(saga, now)
    expires = _expires(saga, now)
    wait = step.within if expires else min(step.within * 2 ** (asked - 1), LONGEST_WAIT)
    now = replace(now, attempt=now.attempt + 1, asked=asked, awaiting=None)
    return now, (Say(command, step.within if expires else None, wait),)


def _turn_back(saga: Saga, now: Instance, reason: str) -> Decision:
    return _back(saga, replace(now, state=saga.because(now.state, reason), reason=reason))


def _back(saga: Saga, now: Instance) -> Decision:
    """Undo the last step that may have happened."""
    if not now.undo:
        return _end(now, Status.UNDONE)
    now = replace(now, status=Status.UNDOING, step=now.undo[-1], awaiting=None)
    step = saga.step(now.undo[-1])
    if isinstance(step, Local):
        return now, (Run(step.name, back=True),)
    return _ask(saga, now, _command(saga, now), asked=1)


def _turns_forward(saga: Saga, now: Instance, event: Event) -> bool:
    """An undo may be answered by the fact that would have led to the pivot: the money is there and kept."""
    if not now.step or not goes_back(saga, now):
        return False
    return isinstance(event, _asking(saga, now).answers(back=True)[1]) and _fact(saga, now, event) is not None


def _fact(saga: Saga, now: Instance, event: Event) -> Await | None:
    assert now.step
    later = (s for s in saga.awaits if saga.places[s.name] > saga.places[now.step])
    return next((step for step in later if step.met_by(now.state, event)), None)


def _forward(saga: Saga, now: Instance) -> Decision:
    behind_the_fact = saga.places[str(now.step)] + 2  # which stands right after the step whose undo it answers
    return _onward(saga, replace(now, state=saga.because(now.state, None), reason=None), behind_the_fact)


def _rang(saga: Saga, now: Instance, given: Rang) -> Decision:
    if given.attempt != now.attempt:
        return now, ()
    if now.status is Status.WAITING:
        return _onward(saga, now, 0)
    assert now.step
    if now.status is Status.RUNNING and isinstance(saga.step(now.step), Await):
        return _turn_back(saga, now, f"{now.step}_timed_out")
    if _expires(saga, now):
        return _turn_back(saga, now, f"{now.step}_unanswered")
    return _again(saga, now)


def _expires(saga: Saga, now: Instance) -> bool:
    """A do before the pivot is asked once; what must succeed is asked until it does."""
    return now.status is Status.RUNNING and saga.places[str(now.step)] < saga.pivot


def _again(saga: Saga, now: Instance) -> Decision:
    """Ask again: without an answer nobody knows whether it happened, and there is no other way."""
    if goes_back(saga, now) and now.asked >= UNDO_LIMIT:
        return _stick(now, f"{now.step}_unanswered")
    asked, effects = _ask(saga, now, _command(saga, now), now.asked + 1)
    alarm = Alarm(str(now.step), f"asked {asked.asked} times without an answer")
    return asked, (*effects, alarm) if asked.asked >= ALARM_FROM else effects


def _ran(saga: Saga, now: Instance, given: Ran) -> Decision:
    return _passed(saga, now if given.state is None else replace(now, state=given.state))


def _cancel(saga: Saga, now: Instance, given: Cancel) -> Decision:
    now = replace(now, wish=now.wish or given.reason)
    if now.status is Status.WAITING:
        return _end(replace(now, reason=now.wish), Status.UNDONE)
    if not can_be_cancelled(saga, now):
        raise WrongMoment
    if now.status is Status.RUNNING:
        return _turn_back(saga, now, given.reason)
    return now, ()


def can_be_cancelled(saga: Saga, now: Instance) -> bool:
    """Before the pivot; one that goes back remembers the wish, should it turn forward."""
    return now.status is Status.WAITING or (now.step is not None and saga.places[now.step] < saga.pivot)


def _resume(saga: Saga, now: Instance, _: Resume) -> Decision:
    _check_unanswered(saga, now)
    status = Status.UNDOING if goes_back(saga, now) else Status.RUNNING
    now = replace(now, status=status)
    return _ask(saga, now, _command(saga, now), asked=1)


def _skip(saga: Saga, now: Instance, _: Skip) -> Decision:
    _check_unanswered(saga, now)
    return _passed(saga, now)


def _check_unanswered(saga: Saga, now: Instance) -> None:
    """Only what has no deadline can be helped along by hand: an undo, or a step behind the pivot."""
    if not now.step or not (goes_back(saga, now) or past_pivot(saga, now)):
        raise WrongMoment
    if not isinstance(saga.step(now.step), Ask):
        raise WrongMoment


def _asking(saga: Saga, now: Instance) -> Ask:
    assert now.step
    step = saga.step(now.step)
    assert isinstance(step, Ask)
    return step


def _command(saga: Saga, now: Instance) -> Command:
    """The present step's command; behind the pivot as before, made from the state."""
    step = _asking(saga, now)
    command = step.undo(now.state) if goes_back(saga, now) and step.undo else step.do(now.state)
    assert command
    return command


def _beyond_pivot(now: Instance) -> Decision:
    """Nothing can be undone any more; a wish to cancel that lost is handed over."""
    return replace(now, undo=(), wish=None), (HandOver(now.wish),) if now.wish else ()


def _stick(now: Instance, reason: str) -> Decision:
    """Wait for a person; an answer that still comes to the last command frees it by itself."""
    stuck = replace(now, status=Status.STUCK, attempt=now.attempt + 1, reason=reason)
    return stuck, (Alarm(str(now.step), f"stuck: {reason}"),)


def _end(now: Instance, status: Status) -> Decision:
    return replace(now, status=status, step=None, awaiting=None, attempt=now.attempt + 1), (End(),)


_HANDLERS: dict[type, Callable[[Saga, Instance, Any], Decision]] = {
    Heard: _heard,
    Rang: _rang,
    Ran: _ran,
    Cancel: _cancel,
    Resume: _resume,
    Skip: _skip,
}
