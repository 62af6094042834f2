"""What a saga does next: `decide(saga, instance, input)` returns the instance afterwards and the effects.

There is no I/O and no clock here, so that every rule can be tested by inputs alone.
"""

from collections.abc import Callable
from typing import Any

from shared.contracts.sagas.views import SagaAction, SagaActionRefusal
from shared.errors import Conflict
from shared.messages import Event
from shared.sagas.definition import Await, Call, Saga
from shared.sagas.instance import (
    ENDED,
    Cancel,
    Input,
    Instance,
    Ran,
    Received,
    Resume,
    Skip,
    Status,
    TimerFired,
    replace,
)
from shared.sagas.transitions import (
    Decision,
    again,
    call,
    call_of,
    command,
    expires,
    forward,
    is_undoing,
    onward,
    passed,
    past_pivot,
    resumes_forward,
    start_undo,
    stick,
)


class SagaActionNotAllowed(Conflict):
    """The saga's current state does not allow this action."""

    code = "saga_action_not_allowed"


def decide(saga: Saga, now: Instance, given: Input) -> Decision:
    """The instance and the effects that follow from an input.

    An input that is late, duplicated or meant for another attempt changes nothing.
    Raises SagaActionNotAllowed for an operator action that is not allowed in this state.
    """
    if now.status in ENDED:
        return now, ()
    return _HANDLERS[type(given)](saga, now, given)


def _received(saga: Saga, now: Instance, given: Received) -> Decision:
    now = _noted(saga, now, given.event)
    if given.answers is not None and given.answers == now.awaiting:
        return _answered(saga, now, given.event)
    if resumes_forward(saga, now, given.event):
        return forward(saga, now)
    if now.status is Status.RUNNING and now.step in now.met:
        return passed(saga, now)
    return now, ()


def _noted(saga: Saga, now: Instance, event: Event) -> Instance:
    """Record an awaited event, also one that arrives early or answers a command."""
    met = tuple(s.name for s in saga.awaits if s.name not in now.met and s.met_by(now.state, event))
    return replace(now, met=now.met + met) if met else now


def _answered(saga: Saga, now: Instance, event: Event) -> Decision:
    step = call_of(saga, now)
    yes, no = step.answers(back=is_undoing(saga, now))
    if isinstance(event, yes):
        return passed(saga, now)
    if isinstance(event, no):
        return _refused(saga, now, event)
    return now, ()


def _refused(saga: Saga, now: Instance, event: Event) -> Decision:
    reason = str(getattr(event, "reason", f"{now.step}_refused"))
    if resumes_forward(saga, now, event):
        return forward(saga, now)
    if is_undoing(saga, now) or past_pivot(saga, now):
        return stick(replace(now, awaiting=None), reason)
    did_not_happen = tuple(name for name in now.undo if name != now.step)
    return start_undo(saga, replace(now, undo=did_not_happen, state=saga.learn(now.state, event)), reason)


def _timer_fired(saga: Saga, now: Instance, given: TimerFired) -> Decision:
    if given.attempt != now.attempt:
        return now, ()
    if now.status is Status.WAITING:
        return onward(saga, now, 0)
    assert now.step
    if now.status is Status.RUNNING and isinstance(saga.step(now.step), Await):
        return start_undo(saga, now, f"{now.step}_timed_out")
    if expires(saga, now):
        return start_undo(saga, now, f"{now.step}_unanswered")
    return again(saga, now)


def _ran(saga: Saga, now: Instance, given: Ran) -> Decision:
    return passed(saga, now if given.state is None else replace(now, state=given.state))


def _cancel(saga: Saga, now: Instance, given: Cancel) -> Decision:
    if not can_be_cancelled(saga, now):
        raise SagaActionNotAllowed
    now = replace(now, cancel_requested=now.cancel_requested or given.reason)
    if now.status is Status.RUNNING:
        return start_undo(saga, now, given.reason)
    return now, ()


def can_be_cancelled(saga: Saga, now: Instance) -> bool:
    """Whether the saga can be cancelled: only before the pivot.

    A saga that is being undone records the request, in case it turns forward again. A saga that waits for its
    locks cannot be cancelled, since undoing what was decided at its start requires those locks.
    """
    return now.step is not None and saga.places[now.step] < saga.pivot


def _resume(saga: Saga, now: Instance, _: Resume) -> Decision:
    _check_unanswered(saga, now)
    status = Status.UNDOING if is_undoing(saga, now) else Status.RUNNING
    now = replace(now, status=status)
    return call(saga, now, command(saga, now), tries=1)


def _skip(saga: Saga, now: Instance, _: Skip) -> Decision:
    _check_unanswered(saga, now)
    step = call_of(saga, now)
    if step.pivot or not step.skippable:  # only the participant knows whether the pivot happened
        raise SagaActionNotAllowed
    return passed(saga, now)


def _check_unanswered(saga: Saga, now: Instance) -> None:
    """Raise SagaActionNotAllowed unless the step has no deadline: an undo, the pivot, or a step after it."""
    if not now.step or expires(saga, now) or not isinstance(saga.step(now.step), Call):
        raise SagaActionNotAllowed


def operator_actions(saga: Saga, now: Instance) -> tuple[SagaAction, ...]:
    """The operator actions that are allowed now."""
    inputs: dict[SagaAction, Input] = {
        SagaAction.RESUME: Resume(),
        SagaAction.SKIP: Skip(),
        SagaAction.CANCEL: Cancel("cancelled_by_operator"),
    }
    return tuple(action for action, given in inputs.items() if _is_allowed(saga, now, given))


def refused_actions(saga: Saga, now: Instance) -> dict[SagaAction, SagaActionRefusal]:
    """The operator actions that are not allowed now, each with the reason."""
    allowed = operator_actions(saga, now)
    return {action: _why(saga, now, action) for action in SagaAction if action not in allowed}


def _why(saga: Saga, now: Instance, action: SagaAction) -> SagaActionRefusal:
    if now.status in ENDED:
        return SagaActionRefusal.ENDED
    if now.status is Status.WAITING or now.step is None:
        return SagaActionRefusal.WAITS_FOR_SAGA
    if action is SagaAction.CANCEL:
        before = can_be_cancelled(saga, now)
        return SagaActionRefusal.UNDOING if before else SagaActionRefusal.PIVOT_REACHED
    step = saga.step(now.step)
    if not isinstance(step, Call):
        return SagaActionRefusal.AWAITS_EVENT
    if expires(saga, now):
        return SagaActionRefusal.COMMAND_EXPIRES
    return SagaActionRefusal.AT_PIVOT if step.pivot else SagaActionRefusal.MOVES_MONEY


def _is_allowed(saga: Saga, now: Instance, given: Input) -> bool:
    try:
        return now.status not in ENDED and decide(saga, now, given) != (now, ())
    except SagaActionNotAllowed:
        return False


_HANDLERS: dict[type, Callable[[Saga, Instance, Any], Decision]] = {
    Received: _received,
    TimerFired: _timer_fired,
    Ran: _ran,
    Cancel: _cancel,
    Resume: _resume,
    Skip: _skip,
}
