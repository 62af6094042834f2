"""Loads valid data by one function per type, built once from a dataclass's fields: far quicker than marshmallow.

It accepts less than `shared.shapes`: data in the form in which it is usually written. For everything else it
raises an exception, and marshmallow decides whether the data is valid, and describes what is wrong.
"""

import re
import types
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

from shared import dumping
from shared import text as kinds
from shared.dumping import dataclass_of
from shared.text import SLACK, Kind

Loader = Callable[[Any], Any]
Check = Callable[[Any], Any]
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
UUID_LENGTH, DATE_LENGTH = 36, 10
NOTHING = type(None)
MISSING = object()


class Unusual(Exception):
    """The data is invalid or written in an unusual way. Other exceptions mean the same."""


@cache
def loader(hint: Any, *, complete: bool) -> Loader:
    """The function that loads values of a type; `complete` as in shapes.load."""
    return _loader(hint, complete, kinds.raw, None)


def is_required(spec: Any, *, complete: bool = False) -> bool:
    """Whether a dataclass's field is required; `complete` as in `shapes.load`."""
    if spec.metadata.get("tag"):
        return True
    if complete:
        return spec.default is not None
    return dumping.has_no_default(spec)


def _loader(hint: Any, complete: bool, kind: Kind, check: Check | None) -> Loader:  # noqa: FBT001 - passed on
    """`kind` is how its text is normalised, `check` raises for invalid values."""
    if hint is str:
        return _text(kind, check)
    if get_origin(hint) in (Union, types.UnionType):
        return _alternative(get_args(hint), complete, kind, check)
    loads = _container(hint, complete, kind) or _scalar(hint, complete)
    return _checked(loads, check) if check else loads


def _checked(loads: Loader, check: Check) -> Loader:
    def load(value: Any) -> Any:
        loaded = loads(value)
        check(loaded)
        return loaded

    return load


def _container(hint: Any, complete: bool, kind: Kind) -> Loader | None:  # noqa: FBT001
    origin, args = get_origin(hint), get_args(hint)
    if origin in (list, tuple):
        return _items(_loader(args[0], complete, kind, None), origin)
    if origin is dict:
        return _members(*(_loader(each, complete, kind, None) for each in args))
    return None


def _scalar(hint: Any, complete: bool) -> Loader:  # noqa: FBT001
    if get_origin(hint) is Literal:
        return _one_of(get_args(hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum(hint)
    return _object(hint, complete) if dataclass_of(hint) else SCALARS[hint]


def _object(shape: Any, complete: bool) -> Loader:  # noqa: FBT001
    made: Any = dataclass_of(shape)
    members: list[tuple[str, Loader, bool]] = []

    def load(value: Any) -> Any:
        if type(value) is not dict:
            raise Unusual
        if not members:  # built on first use, since a type may contain itself
            members.extend(_members_of(shape, complete))
        found = {}
        for name, loads, required in members:
            given = value.get(name, MISSING)
            if given is not MISSING:
                found[name] = loads(given)
            elif required:
                raise Unusual
        return made(**found)

    return load


def _members_of(shape: Any, complete: bool) -> list[tuple[str, Loader, bool]]:  # noqa: FBT001
    hints, made = dumping.hints(shape), dataclass_of(shape)
    return [
        (
            spec.name,
            _loader(
                hints[spec.name],
                complete,
                spec.metadata.get("text", kinds.raw),
                spec.metadata.get("validate"),
            ),
            is_required(spec, complete=complete),
        )
        for spec in fields(made)
    ]


def _alternative(args: tuple[Any, ...], complete: bool, kind: Kind, check: Check | None) -> Loader:  # noqa: FBT001
    shapes = [each for each in args if each is not NOTHING]
    if len(shapes) > 1:
        by_tag = {tag: loader(shape, complete=complete) for tag, shape in dumping.alternatives(args).items()}
        loads: Loader = lambda value: by_tag[value["kind"]](value)  # noqa: E731
    else:
        loads = _loader(shapes[0], complete, kind, check)
    return _or_none(loads) if NOTHING in args else loads


def _or_none(loads: Loader) -> Loader:
    return lambda value: None if value is None else loads(value)


def _items(loads: Loader, made: Any) -> Loader:
    def load(value: Any) -> Any:
        if type(value) is not list:
            raise Unusual
        return made([loads(each) for each in value])

    return load


def _members(key: Loader, loads: Loader) -> Loader:
    def load(value: Any) -> Any:
        if type(value) is not dict:
            raise Unusual
        return {key(name): loads(each) for name, each in value.items()}

    return load


def _one_of(values: tuple[Any, ...]) -> Loader:
    def load(value: Any) -> Any:
        if type(value) is str and value in values:
            return value
        raise Unusual

    return load


def _enum(made: type[Enum]) -> Loader:
    by_value = {member.value: member for member in made}

    def load(value: Any) -> Any:
        if type(value) is str:
            return by_value[value]
        raise Unusual

    return load


def _text(kind: Kind, check: Check | None) -> Loader:
    longest = getattr(check, "max", None)
    most = longest * SLACK if longest else None

    def load(value: Any) -> str:
        if type(value) is not str or (most and len(value) > most) or UNSTORABLE.search(value):
            raise Unusual
        text = value if kind is kinds.raw else kind(value)
        if check:
            check(text)
        return text

    return load


def _whole(value: Any) -> int:
    if type(value) is int:
        return value
    raise Unusual


def _boolean(value: Any) -> bool:
    if type(value) is bool:
        return value
    raise Unusual


def _uuid(value: Any) -> UUID:
    if type(value) is str and len(value) == UUID_LENGTH:
        return UUID(value)
    raise Unusual


def _timestamp(value: Any) -> datetime:
    timestamp = datetime.fromisoformat(value)
    if timestamp.tzinfo is None:
        raise Unusual
    return timestamp.astimezone(UTC)


def _date(value: Any) -> date:
    if type(value) is str and len(value) == DATE_LENGTH:
        return date.fromisoformat(value)
    raise Unusual


SCALARS: dict[Any, Loader] = {int: _whole, bool: _boolean, UUID: _uuid, datetime: _timestamp, date: _date}
