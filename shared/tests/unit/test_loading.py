"""The quick loader accepts nothing that marshmallow refuses, and loads the same values."""

import copy
import json
from datetime import UTC, datetime
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shared.contracts  # noqa: F401 - declares all requests
from shared import loading, shapes
from shared.requests import request_types
from shared.shapes import Misshapen, dump
from shared.testing.lengths import lasting
from shared.tests.contract.test_schemas import TYPES, built, paths, with_other, without

REQUESTS = list(request_types())
FEW = settings(max_examples=lasting(10, long=500))  # of each of 140 types
STRANGE = st.sampled_from(
    [
        None, "", " ", "~", "\0", "\ud800", "yes", "3", "\u200b", "一 二", "a" * 5000,
        "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00Z",
        "01a22ae7e6847798b775dec41158799b", "{01a22ae7-e684-7798-b775-dec41158799b}",
        0, -1, 3.0, 2.5, 10**30, True, False, [], [None], ["x"], {}, {"kind": "coupon"}, {"kind": []}, [[]],
    ]
)  # fmt: skip


def outcome(load, data):
    """The loaded value, or the errors."""
    try:
        return load(data)
    except Misshapen as wrong:
        return wrong.errors
    except Exception as refusal:  # noqa: BLE001 - of a rule in __post_init__
        return repr(refusal)


def both(shape, data, *, complete):
    quick = lambda given: loading.loader(shape, complete=complete)(copy.deepcopy(given))  # noqa: E731
    slow = outcome(lambda given: shapes._checked(shape, given, complete=complete), data)
    try:
        loaded = quick(data)
    except Exception:  # noqa: BLE001 - left to marshmallow
        loaded = slow
    assert loaded == slow
    assert outcome(lambda given: shapes.load(shape, given, complete=complete), data) == slow


@pytest.mark.parametrize("message", TYPES, ids=lambda m: m.topic)
@FEW
@given(data=st.data())
def test_every_message_is_loaded_quickly_and_correctly(message, data):
    given_one = data.draw(built(message))
    body = json.loads(json.dumps(dump(given_one)))
    assert (
        loading.loader(message, complete=True)(body) == shapes._checked(message, body, complete=True) == given_one
    )


@pytest.mark.parametrize("message", TYPES, ids=lambda m: m.topic)
@FEW
@given(data=st.data())
def test_a_message_with_something_strange_or_missing_is_judged_by_marshmallow(message, data):
    body = json.loads(json.dumps(dump(data.draw(built(message)))))
    path = data.draw(st.sampled_from(list(paths(body)) or [()]))
    if path:
        both(message, data.draw(st.sampled_from([without(body, path)])), complete=True)
        both(message, with_other(body, path, data.draw(STRANGE)), complete=data.draw(st.booleans()))
    both(message, data.draw(STRANGE), complete=True)


@pytest.mark.parametrize("request_type", REQUESTS, ids=lambda r: r.contract.method)
@FEW
@given(data=st.data())
def test_requests_with_strange_values_are_judged_by_marshmallow(request_type, data):
    names = list(shapes.schema(request_type).fields)
    values = {
        name: data.draw(STRANGE) for name in data.draw(st.lists(st.sampled_from(names or ["x"]), unique=True))
    }
    both(request_type, values, complete=False)


class Colour(StrEnum):
    """A colour."""

    RED = "red"


@pytest.mark.parametrize(
    ("hint", "data", "value"),
    [
        (tuple[int, ...], [1, 2], (1, 2)),
        (dict[str, str], {"zh": "一"}, {"zh": "一"}),
        (Colour | None, "red", Colour.RED),
        (Colour | None, None, None),
        (datetime, "2026-01-01T08:00:00+08:00", datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_values_of_other_types_are_loaded(hint, data, value):
    assert loading.loader(hint, complete=False)(data) == value == shapes.load(hint, data)
