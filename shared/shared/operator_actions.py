"""What a request does by the rights of an operator, kept in mind until it is written into the operator log.

An RPC method that operators may call (`shared.rpc`) runs as an act. The act is privileged if only operators may
call the method, or once a shop has let the caller in as an operator (`Caller.require_shop`). A privileged act is
written down by the transaction that it changes or reads something in, whether its method thinks of it or not. So
is an act that shows what tells of another person (`personal`), whoever does it.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
LONGEST_FACT = 2000  # characters of JSON: what is written can never be removed


@dataclass(kw_only=True)
class OperatorAction:
    """`write` puts it into the log of a work; `request` says what it is about, if the method does not.

    `reads`: it changes nothing, and is written down once an hour. `personal`: it shows its actor what tells of
    somebody else; where it changed nothing, it is such a reading.
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
    """Work as this act inside the block."""
    token = _current.set(action)
    try:
        yield
    finally:
        _current.reset(token)


def as_operator() -> None:
    """From now on the act is privileged: somebody was let in who has no other right than an operator's."""
    if action := _current.get():
        action.privileged = True


def describe(*, about: str = "", **after: Any) -> None:
    """Say what the act is about, and what came of it."""
    if action := _current.get():
        action.about = about or action.about
        action.after |= after


def watch(read: Callable[[], Json]) -> None:
    """Note these facts as they are now and as they are at the commit. If all are the same, nothing was done."""
    if action := _current.get():
        action.before |= read()
        action.watched.append(read)


def settle() -> None:
    """The act is written down already, or has done nothing."""
    if action := _current.get():
        action.settled = True


def at_commit(work: Any) -> None:
    """Write a privileged or personal act into the work that is about to be committed, once."""
    action = _current.get()
    if action is None or action.settled or not (action.privileged or action.personal):
        return
    action.settled = True
    told = dict(action.after)
    for read in action.watched:
        action.after |= read()
    if action.watched and not told and action.after == action.before:
        if not action.personal:
            return
        action.reads = True
    action.before, action.after = _differing(action.before, action.after), _differing(action.after, action.before)
    action.write(work, action)


def _differing(these: Json, those: Json) -> Json:
    """What `these` facts say otherwise than `those`; of a long one its beginning."""
    return {name: _short(_part(fact, those.get(name))) for name, fact in _apart(these, those).items()}


def _part(fact: Any, other: Any) -> Any:
    """Of many values under one name those that differ."""
    if not (isinstance(fact, dict) and isinstance(other, dict)):
        return fact
    return _apart(fact, other)


def _apart(these: Json, those: Json) -> Json:
    return {name: value for name, value in these.items() if name not in those or those[name] != value}


def _short(fact: Any) -> Any:
    text = json.dumps(fact, ensure_ascii=False, default=str)
    return fact if len(text) <= LONGEST_FACT else text[:LONGEST_FACT] + "…"
