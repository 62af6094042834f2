"""Random requests: for each shape valid and invalid ones, with values that have caused errors elsewhere."""

import types
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from hypothesis import strategies as st

from shared.loading import is_required

ODD_NUMBERS = [0, -1, 1, 2, 9999, 10_000, 2**31 - 1, 2**31, 2**63 - 1, 2**63, 10**30, -(10**30)]
ODD_TEXTS = [
    "", " ", "\x00", "\ud800", "İ", "ß", "𠮷野家", "e\u0301", "\u202e", "%", "_", "\\", "'", "a" * 70_000,
    "null", "NaN", "1e400", "[" * 5000, "9" * 5000, "../..", "<script>", "\ufeff", "浙江省",
]  # fmt: skip
ODD_DAYS = ["2026-11-23", "2026-02-30", "0001-01-01", "9999-12-31", "today", ""]
ODD_TIMESTAMPS = [
    "2026-11-23T08:30:00+00:00", "2026-11-23T08:30:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
    "2026-02-30T00:00:00Z", "now",
]  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.sampled_from(ODD_NUMBERS) | st.floats() | st.sampled_from(ODD_TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "id"]), inner, max_size=2),
    max_leaves=4,
)


def requests(shape: type, known_ids: list[str]) -> st.SearchStrategy[Any]:
    """Requests of a shape: mostly valid ones, some with a wrong or missing field, occasionally anything."""
    right = _object(shape, known_ids)
    names = [f.name for f in fields(shape)] or ["unknown"]
    broken = st.tuples(right, st.dictionaries(st.sampled_from(names), ANYTHING, max_size=2))
    return st.one_of(right, right, broken.map(lambda both: {**both[0], **both[1]}), ANYTHING)


def _object(shape: type, known_ids: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    hints = get_type_hints(shape)
    values = {f.name: _value(hints[f.name], known_ids) for f in fields(shape)}
    needed = {f.name: values.pop(f.name) for f in fields(shape) if is_required(f)}
    return st.fixed_dictionaries(needed, optional=values)


def _value(hint: Any, known_ids: list[str]) -> st.SearchStrategy[Any]:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return st.one_of(*(st.none() if each is type(None) else _value(each, known_ids) for each in args))
    if origin in (list, tuple):
        return st.lists(_value(args[0], known_ids), max_size=3)
    if origin is dict:
        return st.dictionaries(st.sampled_from(ODD_TEXTS), st.sampled_from(ODD_TEXTS), max_size=2)
    if origin is Literal or (isinstance(hint, type) and issubclass(hint, Enum)):
        return st.sampled_from(args or [each.value for each in hint])
    if is_dataclass(hint):
        return _object(hint, known_ids)
    return _scalars(known_ids)[hint]


def _scalars(known_ids: list[str]) -> dict[type, st.SearchStrategy[Any]]:
    return {
        str: st.text(max_size=20) | st.sampled_from([*ODD_TEXTS, "CNY", "buyer@example.com", "a-shop"]),
        int: st.integers(0, 20) | st.sampled_from(ODD_NUMBERS),
        bool: st.booleans(),
        UUID: st.sampled_from(known_ids) | st.uuids().map(str),
        datetime: st.sampled_from(ODD_TIMESTAMPS),
        date: st.sampled_from(ODD_DAYS),
    }
