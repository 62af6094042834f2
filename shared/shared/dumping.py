"""Serialises dataclasses to JSON objects, by one function per type that is built once from its fields.

It supports the types that `shared.shapes` can load. marshmallow is not used here: its serialisation took as long
as the query behind an answer.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

Dumper = Callable[[Any], Any]
PLAIN = (str, int, bool, Any, dict)


def hints(shape: Any) -> dict[str, Any]:
    """The types of a dataclass's fields; of `Page[Coupon]` with Coupon for its type variable."""
    made: Any = dataclass_of(shape)
    known = dict(zip(getattr(made, "__parameters__", ()), get_args(shape), strict=True))
    found = get_type_hints(made)
    return {spec.name: _resolved(found[spec.name], known) for spec in fields(made)}


def dataclass_of(hint: Any) -> Any:
    """The dataclass of a type, also of a parameterised one such as `Page[Coupon]`; None for other types."""
    shape = get_origin(hint) or hint
    return shape if isinstance(shape, type) and is_dataclass(shape) else None


def has_no_default(spec: Any) -> bool:
    """Whether a dataclass's field has no default."""
    return spec.default is MISSING and spec.default_factory is MISSING


def dump(value: Any, hint: Any = None) -> Any:
    """The JSON of a value, by default by its own type."""
    known: Any = hint or type(value)
    return dumper(known)(value)


@cache
def dumper(hint: Any) -> Dumper:
    """The function that serialises values of a type. Raises TypeError for unsupported types."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _alternative(args)
    if origin in (list, tuple):
        return _items(dumper(args[0]))
    if origin in (dict, Mapping):
        return _members(dumper(args[1]))
    if dataclass_of(hint):
        return _object(hint)
    return _scalar(hint)


def alternatives(shapes: tuple[Any, ...]) -> dict[str, Any]:
    """The dataclasses of a tagged union by their tag: each has a field `kind` of a Literal with one value."""
    return {get_args(hints(shape)["kind"])[0]: shape for shape in shapes if shape is not type(None)}


def _alternative(args: tuple[Any, ...]) -> Dumper:
    shapes = [each for each in args if each is not type(None)]
    if len(shapes) == 1:
        return _or_none(dumper(shapes[0]))
    of_type = {shape: dumper(shape) for shape in alternatives(args).values()}
    return lambda value: None if value is None else of_type[type(value)](value)


def _scalar(hint: Any) -> Dumper:
    if hint in PLAIN or get_origin(hint) is Literal:
        return _same
    if hint is UUID:
        return str
    if hint is datetime:
        return _timestamp
    if hint is date:
        return date.isoformat
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _value
    raise TypeError(f"{hint} cannot be serialised")


def _object(shape: Any) -> Dumper:
    members: list[tuple[str, Dumper]] = []

    def dump_object(value: Any) -> dict[str, Any]:
        if not members:  # built on first use, since a type may contain itself
            members.extend((name, dumper(hint)) for name, hint in hints(shape).items())
        return {name: to_json(getattr(value, name)) for name, to_json in members}

    return dump_object


def _resolved(hint: Any, known: Mapping[Any, Any]) -> Any:
    if isinstance(hint, TypeVar):
        return known[hint]
    origin, args = get_origin(hint), get_args(hint)
    if not args or origin is Literal:
        return hint
    resolved = tuple(each if each is Ellipsis else _resolved(each, known) for each in args)
    return Union[resolved] if origin in (Union, types.UnionType) else origin[resolved]  # noqa: UP007


def _same(value: Any) -> Any:
    return value


def _value(value: Enum) -> Any:
    return value.value


def _timestamp(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


def _or_none(inner: Dumper) -> Dumper:
    return lambda value: None if value is None else inner(value)


def _items(inner: Dumper) -> Dumper:
    return lambda values: [inner(value) for value in values]


def _members(inner: Dumper) -> Dumper:
    return lambda values: {name: inner(value) for name, value in values.items()}
