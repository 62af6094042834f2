"""Transitions of a saga: onward, undo, and forward again. Pure functions, like `shared.sagas.core`."""

from datetime import timedelta

from shared.messages import Command, Event
from shared.sagas.definition import Await, Call, Local, Saga, Step
from shared.sagas.instance import Alarm, Effect, End, HandOver, Instance, Publish, Run, Status, Wake, replace

LONGEST_WAIT = timedelta(minutes=15)
MOST_DOUBLINGS = 20  # timedelta overflows with more
ALARM_FROM = 4  # tries without an answer from which an alarm is raised
UNDO_LIMIT = 12  # tries without an answer after which an undo is stuck (about two hours)

Decision = tuple[Instance, tuple[Effect, ...]]


def is_undoing(saga: Saga, now: Instance) -> bool:
    """Whether the current step is being undone. Only an undo can be stuck before the pivot."""
    stuck_undo = now.status is Status.STUCK and not past_pivot(saga, now)
    return now.status is Status.UNDOING or stuck_undo


def past_pivot(saga: Saga, now: Instance) -> bool:
    """Whether the saga is past its pivot and cannot be undone any more."""
    return now.step is not None and saga.places[now.step] > saga.pivot


def expires(saga: Saga, now: Instance) -> bool:
    """Whether the current command is sent only once: a do before the pivot. All others are retried."""
    return now.status is Status.RUNNING and saga.places[str(now.step)] < saga.pivot


def call_of(saga: Saga, now: Instance) -> Call:
    """The current step, which must be a Call."""
    assert now.step
    step = saga.step(now.step)
    assert isinstance(step, Call)
    return step


def command(saga: Saga, now: Instance) -> Command:
    """The command of the current step, made from the state."""
    step = call_of(saga, now)
    request = step.undo(now.state) if is_undoing(saga, now) and step.undo else step.do(now.state)
    assert request
    return request


def passed(saga: Saga, now: Instance) -> Decision:
    """The current step is done or undone: continue with the next."""
    assert now.step
    if is_undoing(saga, now):
        return _back(saga, replace(now, undo=now.undo[:-1]))
    return onward(saga, now, saga.places[now.step] + 1)


def onward(saga: Saga, now: Instance, place: int) -> Decision:
    """Enter the first step from index `place` on that has something to do."""
    now = replace(now, status=Status.RUNNING, awaiting=None, reason=None)
    now, before = _beyond_pivot(now) if place > saga.pivot else (now, ())
    for step in saga.steps[place:]:
        if decision := _entered(saga, now, step):
            return decision[0], before + decision[1]
    ended, effects = end(now, Status.DONE)
    return ended, before + effects


def _beyond_pivot(now: Instance) -> Decision:
    """Clear the undo list; a cancellation that was requested too late is handed over."""
    handed_over = (HandOver(now.cancel_requested),) if now.cancel_requested else ()
    return replace(now, undo=(), cancel_requested=None), handed_over


def _entered(saga: Saga, now: Instance, step: Step) -> Decision | None:
    there = replace(now, step=step.name)
    if isinstance(step, Await):
        return None if step.name in now.met else _wait(there, step)
    there = replace(there, undo=(*now.undo, step.name)) if step.undo else there
    if isinstance(step, Local):
        return there, (Run(step.name, back=False),)
    request = step.do(now.state)
    return call(saga, there, request, tries=1) if request else None


def _wait(now: Instance, step: Await) -> Decision:
    now = replace(now, attempt=now.attempt + 1)
    return now, (Wake(step.within(now.state)),) if step.within else ()


def call(saga: Saga, now: Instance, request: Command, tries: int) -> Decision:
    """Send a command and start its timer."""
    step = call_of(saga, now)
    once = expires(saga, now)
    wait = step.within if once else min(step.within * 2 ** min(tries - 1, MOST_DOUBLINGS), LONGEST_WAIT)
    now = replace(now, attempt=now.attempt + 1, tries=tries, awaiting=None)
    return now, (Publish(request, step.within if once else None, wait),)


def again(saga: Saga, now: Instance) -> Decision:
    """Send the current command again: without an answer it is unknown whether it was carried out."""
    if is_undoing(saga, now) and now.tries >= UNDO_LIMIT:
        return stick(now, f"{now.step}_unanswered")
    after, effects = call(saga, now, command(saga, now), now.tries + 1)
    alarm = Alarm(str(now.step), f"sent {after.tries} times without an answer")
    return after, (*effects, alarm) if after.tries >= ALARM_FROM else effects


def start_undo(saga: Saga, now: Instance, reason: str) -> Decision:
    """Undo all steps that may have happened, for this reason."""
    return _back(saga, replace(now, state=saga.because(now.state, reason), reason=reason))


def _back(saga: Saga, now: Instance) -> Decision:
    """Undo the last step that may have happened."""
    if not now.undo:
        return end(now, Status.UNDONE)
    now = replace(now, status=Status.UNDOING, step=now.undo[-1], awaiting=None)
    step = saga.step(now.undo[-1])
    if isinstance(step, Local):
        return now, (Run(step.name, back=True),)
    return call(saga, now, command(saga, now), tries=1)


def resumes_forward(saga: Saga, now: Instance, event: Event) -> bool:
    """Whether an undo is refused by an awaited event: the money was captured meanwhile, say."""
    if not now.step or not is_undoing(saga, now):
        return False
    return isinstance(event, call_of(saga, now).answers(back=True)[1]) and _awaiting(saga, now, event) is not None


def _awaiting(saga: Saga, now: Instance, event: Event) -> Await | None:
    assert now.step
    later = (s for s in saga.awaits if saga.places[s.name] > saga.places[now.step])
    return next((step for step in later if step.met_by(now.state, event)), None)


def forward(saga: Saga, now: Instance) -> Decision:
    """Stop undoing and go on towards the pivot."""
    after_the_wait = saga.places[str(now.step)] + 2  # the wait is right after the step whose undo was refused
    return onward(saga, replace(now, state=saga.because(now.state, None)), after_the_wait)


def stick(now: Instance, reason: str) -> Decision:
    """Wait for an operator; a late answer to the last command still moves the saga."""
    stuck = replace(now, status=Status.STUCK, attempt=now.attempt + 1, reason=reason)
    return stuck, (Alarm(str(now.step), f"stuck: {reason}"),)


def end(now: Instance, status: Status) -> Decision:
    """End the saga; later messages are ignored."""
    return replace(now, status=status, step=None, awaiting=None, attempt=now.attempt + 1), (End(),)
