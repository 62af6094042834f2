"""Collects what a request does with operator rights, until its transaction writes it to the operator log.

An RPC method that operators may call (`shared.rpc`) runs as an action. The action is privileged if only operators
may call the method, or once `Caller.require_shop` has admitted the caller as an operator. The request's
transaction logs a privileged action, without any code in the method. It also logs an action of any role that shows
another person's data (`personal`).
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
LONGEST_FACT = 2000  # characters of JSON: log entries cannot be removed


@dataclass(kw_only=True)
class OperatorAction:
    """An action for the operator log.

    write     writes it to the log in a transaction
    request   identifies its object if the method does not `describe` it
    reads     it changes nothing and is logged once an hour
    personal  it shows its actor another person's data; it counts as `reads` if it changed nothing
    """

    actor: str
    action: str
    request: Json
    privileged: bool
    personal: bool = False
    reads: bool = False
    write: Callable[[Any, "OperatorAction"], None]
    about: str = ""
    before: Json = field(default_factory=dict)
    after: Json = field(default_factory=dict)
    watched: list[Callable[[], Json]] = field(default_factory=list)
    settled: bool = False


_current: ContextVar[OperatorAction | None] = ContextVar("action", default=None)


@contextmanager
def acting(action: OperatorAction) -> Iterator[None]:
    """Make this the current action inside the block."""
    token = _current.set(action)
    try:
        yield
    finally:
        _current.reset(token)


def as_operator() -> None:
    """Mark the current action as privileged: the caller was admitted by operator rights alone."""
    if action := _current.get():
        action.privileged = True


def describe(*, about: str = "", **after: Any) -> None:
    """Set the object of the current action and add facts about its result."""
    if action := _current.get():
        action.about = about or action.about
        action.after |= after


def watch(read: Callable[[], Json]) -> None:
    """Log these facts as they are now and at the commit. If none differs, the action counts as without effect."""
    if action := _current.get():
        action.before |= read()
        action.watched.append(read)


def settle() -> None:
    """Mark the current action as logged already or without effect."""
    if action := _current.get():
        action.settled = True


def at_commit(work: Any) -> None:
    """Log a privileged or personal action in the transaction that is about to be committed, once."""
    action = _current.get()
    if action is None or action.settled or not (action.privileged or action.personal):
        return
    action.settled = True
    described = dict(action.after)
    for read in action.watched:
        action.after |= read()
    if action.watched and not described and action.after == action.before:
        if not action.personal:
            return
        action.reads = True
    action.before, action.after = _differing(action.before, action.after), _differing(action.after, action.before)
    action.write(work, action)


def _differing(these: Json, those: Json) -> Json:
    """The facts of `these` that differ from `those`, shortened if long."""
    return {name: _short(_part(fact, those.get(name))) for name, fact in _changed(these, those).items()}


def _part(fact: Any, other: Any) -> Any:
    """If both are objects, the members that differ."""
    if not (isinstance(fact, dict) and isinstance(other, dict)):
        return fact
    return _changed(fact, other)


def _changed(these: Json, those: Json) -> Json:
    return {name: value for name, value in these.items() if name not in those or those[name] != value}


def _short(fact: Any) -> Any:
    text = json.dumps(fact, ensure_ascii=False, default=str)
    return fact if len(text) <= LONGEST_FACT else text[:LONGEST_FACT] + "…"
