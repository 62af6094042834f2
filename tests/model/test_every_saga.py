"""SG-20, SG-7: every saga of every service, with acceptance, refusal and no reply at every step."""

import inspect
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

from shared import contracts, topology
from shared.ids import new_id
from shared.messages import Command
from shared.money import Money
from shared.sagas import Await, Call, Local, Sagas
from shared.sagas.conversation import Conversation, sample
from shared.sagas.core import SagaActionNotAllowed
from shared.sagas.instance import ENDED, Status
from shared.sagas.paths import every_path
from shared.sagas.transitions import UNDO_LIMIT

PLAIN = {UUID: new_id, Money: lambda: Money(100), str: lambda: "sample", int: lambda: 1, bool: lambda: True}
PLAIN[datetime] = lambda: datetime(2026, 3, 1, tzinfo=UTC)


def registered():
    """The sagas of all services, as registered in their service classes."""
    for name in contracts.__all__:
        for _, provider in inspect.getmembers(topology.service_class(name), lambda m: isinstance(m, Sagas)):
            yield from provider.engine.sagas.values()


EVERY = {saga.name: saga for saga in registered()}
STEPS = [(saga.name, step.name) for saga in EVERY.values() for step in saga.steps if isinstance(step, Call)]
WAITS = [(saga.name, step.name) for saga in EVERY.values() for step in saga.steps if isinstance(step, Await)]


def sample_value(hint: Any) -> Any:
    """A value of this type, with nothing missing or empty."""
    if hint in PLAIN:
        return PLAIN[hint]()
    if get_origin(hint) is UnionType:
        return sample_value(get_args(hint)[0])
    if get_origin(hint) is tuple:
        return (sample_value(get_args(hint)[0]),)
    if get_origin(hint) is Literal:
        return get_args(hint)[0]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    assert is_dataclass(hint), hint
    hints = get_type_hints(hint)
    return hint(**{f.name: sample_value(hints[f.name]) for f in fields(hint)})


def awaited_events(saga, state):
    """An event that ends each wait."""
    found = {}
    for step in saga.awaits:
        events = (sample(event, state) for event in step.events)
        found[step.name] = next(event for event in events if step.met_by(state, event))
    return found


def begun(name):
    saga = EVERY[name]
    return Conversation(saga, sample_value(saga.state))


def until(talk, step):
    """Every step succeeds until this one."""
    while talk.now.step != step:
        succeed(talk)
    return talk


def succeed(talk):
    if isinstance(talk.saga.step(talk.now.step), Await):
        talk.consumes(awaited_events(talk.saga, talk.now.state)[talk.now.step])
    else:
        talk.told_yes()


def command_type(talk):
    return type(talk.command)


def commands_of(step, way):
    make = getattr(step, way)
    hint = get_type_hints(make)["return"]
    return {c for c in get_args(hint) or (hint,) if isinstance(c, type) and issubclass(c, Command)}


def to_the_end(talk):
    while talk.now.status not in ENDED:
        succeed(talk)
    return talk.now.status


def is_after_pivot(talk, step):
    return talk.saga.places[step] > talk.saga.pivot


def test_every_saga_is_tested():
    assert set(EVERY) >= {"orders.checkout", "orders.cancel_order", "orders.refund"}
    assert len(STEPS) == sum(isinstance(step, Call) for saga in EVERY.values() for step in saga.steps)


@pytest.mark.parametrize(("name", "step"), STEPS)
def test_sg_20_a_step_that_is_refused_is_not_undone_and_those_before_it_are(name, step):
    talk = until(begun(name), step)
    if not command_type(talk).no:
        assert is_after_pivot(talk, step), "before the pivot a step may be refused"
        return
    talk.told_no()
    if is_after_pivot(talk, step):
        talk.ends("stuck")  # SG-7: it cannot be undone
        assert talk.alarms
        assert talk.resumed().now.step == step
        assert to_the_end(talk) is Status.DONE
        return
    assert talk.now.step != step, "the refused step is undone"
    assert to_the_end(talk) is Status.UNDONE
    undone = [ran for ran in talk.ran if ran.startswith("undo ")]
    locals_before = [s.name for s in talk.saga.steps[: talk.saga.places[step]] if isinstance(s, Local)]
    assert undone == [f"undo {local}" for local in reversed(locals_before)]


@pytest.mark.parametrize(("name", "step"), STEPS)
def test_sg_20_a_step_without_a_reply_is_undone_and_retried_from_the_pivot_on(name, step):
    talk = until(begun(name), step)
    first, message_id = talk.command, talk.now.awaiting
    talk.told_nothing()
    if talk.saga.places[step] >= talk.saga.pivot:
        for _ in range(UNDO_LIMIT + 2):  # SG-7: forward, without a limit
            assert talk.command == first
            assert talk.now.awaiting != message_id
            message_id = talk.now.awaiting
            talk.told_nothing()
        assert talk.alarms
        assert to_the_end(talk) is Status.DONE
        return
    assert command_type(talk) in commands_of(talk.saga.step(step), "undo")
    assert to_the_end(talk) is Status.UNDONE


@pytest.mark.parametrize(("name", "step"), STEPS)
def test_sg_20_an_undo_without_a_reply_gets_the_saga_stuck_and_does_not_end_it(name, step):
    talk = until(begun(name), step)
    if talk.saga.places[step] >= talk.saga.pivot:
        assert not getattr(talk.saga.step(step), "undo", None)
        return
    for _ in range(UNDO_LIMIT + 1):
        talk.told_nothing()
    talk.ends("stuck")
    assert talk.alarms
    assert talk.now.step == step
    talk.told_yes()  # late, but accepted
    assert to_the_end(talk) is Status.UNDONE


@pytest.mark.parametrize(("name", "step"), WAITS)
def test_sg_20_a_wait_ends_with_its_event_or_at_its_deadline(name, step):
    assert to_the_end(until(begun(name), step)) is Status.DONE
    assert to_the_end(until(begun(name), step).told_nothing()) is Status.UNDONE


@pytest.mark.parametrize(("name", "step"), STEPS + WAITS)
def test_sg_12_a_saga_can_be_cancelled_at_every_step_before_its_pivot_and_at_none_after_it(name, step):
    talk = until(begun(name), step)
    if talk.saga.places[step] >= talk.saga.pivot:
        with pytest.raises(SagaActionNotAllowed):
            talk.cancelled()
        assert to_the_end(talk) is Status.DONE
    else:
        assert to_the_end(talk.cancelled()) is Status.UNDONE
        assert talk.now.cancel_requested == "changed_mind"


@pytest.mark.parametrize("name", EVERY)
def test_sg_04_every_path_of_every_saga_undoes_each_step_once_in_reverse_order(name):
    saga, state = EVERY[name], sample_value(EVERY[name].state)
    ends = set()
    for path in every_path(saga, state, awaited_events(saga, state)):
        path.check()
        ends.add(path.status)
    assert Status.DONE in ends
